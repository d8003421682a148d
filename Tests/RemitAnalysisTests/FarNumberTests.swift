import RemitAnalysis
import Testing

/// Numbers of all the digits that there may be, far below and far above nothing, are compared without harm.
@Suite struct FarNumberTests {
    private static let far = "99_999_999_999_999_999_999_999_999_999_999.99999"

    private static func text(_ last: String, _ rounding: String) -> String {
        """
        contract Small version 1
          title "Small"
        role Clerk
        case { x : Decimal  y : Decimal  z : Decimal starts 0 }
        final state done
        action go opens done by Clerk enters x, y {
          require x * 1 < 0 - \(far)9 or y > \(far)\(last) or x > y + 1 else "no"
          set z to x / 3 rounded \(rounding) to 2 places
          become done
        }
        """
    }

    @Test(arguments: [("7", "down"), ("8", "half even")]) func farNumbersAreCompared(last: String, rounding: String)
        throws
    {
        let found = try ComparedCases(Self.text("8", "down"), Self.text(last, rounding)).comparison
        #expect(!(found.differences + found.unresolved).isEmpty)
    }
}
