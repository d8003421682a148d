import RemitLanguage
import RemitLedger
import RemitNode
import RemitRuntime
import RemitValues
import Testing

/// Rows of registers that are loaded are held to what the contract promises of them.
@Suite struct RegisterLoadTests {
    private static func beds(_ privately: String = "") -> String {
        """
        contract Beds version 1
          title "Beds"
        role Clerk
        register Room by name: \(privately)Text(8) kept by Clerk {
          beds  : Integer
          taken : Integer
          invariant "No more are taken than there are" : taken <= beds
          invariant "It has beds" : beds > 0
        }
        case { note : Text(8) }
        state open
        final state done
        action begin opens open by Clerk enters note { }
        action close in open by Clerk { become done }
        """
    }

    private func row(_ name: String, beds: Int64, taken: Int64) -> Value {
        .record([.text(TextValue(name)), .integer(beds), .integer(taken)])
    }

    @Test(arguments: ["", "private "]) func aRowThatBreaksAnInvariantIsRefused(_ privately: String) throws {
        let world = try World()
        func send(_ call: SystemCall) throws -> String {
            var writer = try TransactionWriter(
                node: world.node, signer: world.administrator, seeds: .unsafe("beds"))
            let transaction = try writer.sign(call, organisation: "insurer")
            switch try world.node.commit([transaction]).executions[0].receipt.outcome {
            case .done: return "done"
            case .refused(let code, let text): return "\(code): \(text)"
            case .stalled(let reason): return reason
            }
        }
        #expect(try send(.deployContract(source: TextValue(Self.beds(privately)), home: "insurer")) == "done")
        #expect(try send(.grantRole(person: "ann", role: "Clerk", organisation: "insurer")) == "done")
        func load(_ rows: [Value]) throws -> String {
            try send(.loadRegister(contract: "Beds", register: "Room", rows: rows))
        }
        #expect(
            try load([row("A", beds: 3, taken: 3), row("B", beds: 3, taken: 4)])
                == "argument: row 2: this would break \"No more are taken than there are\"")
        #expect(try load([row("A", beds: 0, taken: 0)]) == "argument: row 1: this would break \"It has beds\"")
        let register = try world.node.contract(named: "Beds").program.registers[0]
        func known() throws -> [Value]? {
            try world.node.row(of: register, contract: "Beds", keys: [.text("A")])
        }
        #expect(
            try world.node.objections(
                to: [row("A", beds: 3, taken: 4), row("B", beds: 3, taken: 3), .record([.text("C")])], of: register,
                contract: world.node.contract(named: "Beds"))
                == ["this would break \"No more are taken than there are\"", nil, "it does not have 3 values"])
        #expect(try known() == nil)
        #expect(try load([row("A", beds: 3, taken: 3)]) == "done")
        #expect(try known() == [.integer(3), .integer(3)])
        #expect(try Verification.run(path: world.path, replaying: true).problems.map(\.description) == [])
    }
}
