import Testing

@testable import RemitAnalysis

/// Parts of a register's rows that one version alone has decide nothing by themselves.
@Suite struct RegisterPartTests {
    private static let contract = """
        contract Small version 1
          title "Small"
        role Clerk
        register R by k: Integer kept by Clerk {
          a : Boolean
        }
        case {
          n : Integer
        }
        final state done
        action go opens done by Clerk enters n {
          let r = R[n] else "none"
          require r.a else "no"
          become done
        }
        """

    private static func reasons(_ after: String, isTurned: Bool = false) throws -> [String] {
        let cases = try isTurned ? ComparedCases(after, contract) : ComparedCases(contract, after)
        return cases.comparison.unresolved.filter { $0.subject == .register }.map { $0.reason ?? "an example" }
    }

    @Test(arguments: [false, true]) func aLonePartIsToldByWhatUsesIt(isTurned: Bool) throws {
        let after = Self.contract.replacing("a : Boolean\n", with: "a : Boolean\n  b : Boolean\n")
        #expect(
            try Self.reasons(after, isTurned: isTurned) == ["what reads and writes `b` is told where it differs"])
    }

    @Test func anInvariantBesideItIsLookedFor() throws {
        let lines = "a : Boolean\n  b : Boolean\n  invariant \"I\" : b\n"
        let after = Self.contract.replacing("a : Boolean\n", with: lines)
        #expect(try !Self.reasons(after).contains { $0.contains("is told where it differs") })
    }
}
