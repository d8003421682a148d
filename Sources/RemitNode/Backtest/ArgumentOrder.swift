import RemitLanguage
import RemitLedger
import RemitValues

/// Where an action finds its arguments among the recorded ones of another version: by name, since a version may add
/// some and order them otherwise.
struct ArgumentOrder {
    /// An action (index) of a version that is tried on what a version recorded.
    struct Place: Hashable {
        let recorded: Digest
        let tried: Digest
        let action: Int
    }

    /// Why there are no arguments for the action.
    enum Misfit: Error {
        /// The recorded version has no action of this name.
        case noAction(String)
        /// An argument of this name is asked for and was not recorded.
        case noArgument(String)

        /// What is told of it; `policy` names the version that is tried.
        func problem(_ policy: String) -> String {
            switch self {
            case .noAction(let name): "the recorded policy has no action \(name)"
            case .noArgument(let name): "\(policy) asks for \(name), which was not recorded"
            }
        }
    }

    private struct Argument {
        let name: String
        /// Index among the recorded arguments; nil where there is none of the name.
        let place: Int?
        let isOptional: Bool
    }

    /// Nil where the recorded version has no such action.
    private let arguments: [Argument]?
    private let action: String

    /// The order for an action of a program, of what the action of this name of a recorded version was given.
    init(of recorded: CheckedProgram, for action: ActionDeclaration, of program: CheckedProgram) {
        self.action = action.name
        guard let old = recorded.actions.first(where: { TextValue($0.name) == TextValue(action.name) }) else {
            arguments = nil
            return
        }
        var places: [TextValue: Int] = [:]
        let names = old.enters.map { recorded.caseFields[$0].name } + old.parameters.map(\.name)
        for (place, name) in names.enumerated() { places[TextValue(name)] = place }
        arguments = (action.enters.map { program.caseFields[$0] } + action.parameters).map { field in
            let isOptional = if case .optional = field.type { true } else { false }
            return Argument(name: field.name, place: places[TextValue(field.name)], isOptional: isOptional)
        }
    }

    /// Recorded arguments in the order of the action.
    func rearranged(_ recorded: [Value]) -> Result<[Value], Misfit> {
        guard let arguments else { return .failure(.noAction(action)) }
        var values: [Value] = []
        values.reserveCapacity(arguments.count)
        for argument in arguments {
            if let place = argument.place, recorded.indices.contains(place) {
                values.append(recorded[place])
            } else if argument.isOptional {
                values.append(.absent)
            } else {
                return .failure(.noArgument(argument.name))
            }
        }
        return .success(values)
    }
}
