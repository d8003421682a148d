import Foundation
import Testing

private let fileLines = 500
private let functionLines = 70
private let lineColumns = 120

@Test func filesAreShort() throws {
    for folder in ["Sources", "Tests"] {
        for file in try House.swiftFiles(under: folder) {
            let count = file.lines.count - 1
            #expect(count <= fileLines, "\(file.path) has \(count) lines: split it by meaning")
        }
    }
}

@Test func linesAreShort() throws {
    for folder in ["Sources", "Tests"] {
        for file in try House.swiftFiles(under: folder) {
            for (number, line) in file.lines.enumerated() where line.count > lineColumns {
                Issue.record("\(file.path):\(number + 1) has \(line.count) columns")
            }
        }
    }
}

@Test func functionsAreShort() throws {
    for file in try House.swiftFiles(under: "Sources") {
        for function in functions(of: file) where function.lines > functionLines {
            Issue.record("\(file.path):\(function.start) has \(function.lines) lines: split \(function.name)")
        }
    }
}

@Test func theFunctionFinderFindsFunctions() {
    let file = House.File(
        path: "x.swift", text: "struct A {\n    func b() {\n        c()\n        d()\n    }\n\n    init() {\n    }\n}\n"
    )
    #expect(functions(of: file).map(\.lines) == [4, 2])
}

private struct Function {
    let name: String
    let start: Int
    let lines: Int
}

/// Finds functions by layout, which the formatter guarantees: the closing brace stands under the declaration.
private func functions(of file: House.File) -> [Function] {
    var found: [Function] = []
    let lines = file.lines
    for (index, line) in lines.enumerated() {
        let code = line.drop { $0 == " " }
        let isFunction = code.split(separator: " ").prefix(5).contains { word in
            word == "func" || word.hasPrefix("init(") || word.hasPrefix("init?(")
        }
        guard isFunction, !code.hasPrefix("//"), !code.hasPrefix("self"), !code.hasPrefix("try"),
            !code.hasPrefix("return"), !code.hasPrefix("guard"), !code.hasPrefix("let")
        else { continue }
        let closing = String(repeating: " ", count: line.count - code.count) + "}"
        guard let end = lines[index...].firstIndex(where: { $0 == closing }) else { continue }
        found.append(Function(name: String(code.prefix(60)), start: index + 1, lines: end - index + 1))
    }
    return found
}
