import RemitLanguage
import RemitValues

/// Code as bytes, with the outline of its program.
extension CodeDraft: Kept {
    func write(_ writer: inout ByteWriter) {
        instructions.write(&writer)
        spans.write(&writer)
        jumps.write(&writer)
        fieldMaps.map { $0.pairs.flatMap { [$0.field, $0.register] } }.write(&writer)
        fieldLists.write(&writer)
        patterns.map(\.written).write(&writer)
        refusals.write(&writer)
        conformances.write(&writer)
        rows.map { [$0.register, $0.field] }.write(&writer)
        transfers.write(&writer)
        others.map { [$0.contract, $0.field, $0.shape] }.write(&writer)
        tables.map { KeptTable(table: $0) }.write(&writer)
        parameters.write(&writer)
        handlers.write(&writer)
        checks.write(&writer)
        shapes.write(&writer)
        names.write(&writer)
        timezone.write(&writer)
        nameWords.write(&writer)
        starts.write(&writer)
        registerShapes.write(&writer)
        registers.write(&writer)
        isConstant.write(&writer)
        words.write(&writer)
        writer.raw(bytes)
        entries.write(&writer)
        depth.write(&writer)
    }

    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> CodeDraft {
        var draft = CodeDraft()
        draft.instructions = try [Instruction].read(&reader)
        draft.spans = try [Span].read(&reader)
        draft.jumps = try [Int32].read(&reader)
        for list in try [[UInt16]].read(&reader) {
            guard list.count % 2 == 0 else { throw MalformedCode("a field map is none") }
            let pairs = stride(from: 0, to: list.count, by: 2).map { (field: list[$0], register: list[$0 + 1]) }
            draft.fieldMaps.append(Code.FieldMap(pairs: pairs))
        }
        draft.fieldLists = try [[Int]].read(&reader)
        for written in try [String].read(&reader) {
            guard let pattern = TextPattern(written) else { throw MalformedCode("a pattern is none") }
            draft.patterns.append(pattern)
        }
        draft.refusals = try [Code.RefusalSite].read(&reader)
        draft.conformances = try [Code.Conformance].read(&reader)
        for row in try [[Int]].read(&reader) {
            guard row.count == 2 else { throw MalformedCode("a row is none") }
            draft.rows.append(Code.RowSite(register: row[0], field: row[1]))
        }
        draft.transfers = try [Code.TransferSite].read(&reader)
        for other in try [[Int]].read(&reader) {
            guard other.count == 3 else { throw MalformedCode("a read of another contract is none") }
            draft.others.append(Code.OtherSite(contract: other[0], field: other[1], shape: other[2]))
        }
        draft.tables = try [KeptTable].read(&reader).map(\.table)
        draft.parameters = try [Code.ParameterCode].read(&reader)
        draft.handlers = try [Code.Handler].read(&reader)
        draft.checks = try [Code.CheckSite].read(&reader)
        draft.shapes = try [Shape].read(&reader)
        draft.names = try [[TextValue]].read(&reader)
        draft.timezone = try Int.read(&reader)
        draft.nameWords = try [[Int64]].read(&reader)
        draft.starts = try [Int64].read(&reader)
        draft.registerShapes = try [UInt16].read(&reader)
        draft.registers = try [Int64].read(&reader)
        draft.isConstant = try [Bool].read(&reader)
        draft.words = try [Int64].read(&reader)
        draft.bytes = try reader.raw()
        draft.entries = try Code.Entries.read(&reader)
        draft.depth = try Int.read(&reader)
        return draft
    }
}

extension Instruction: Kept {
    func write(_ writer: inout ByteWriter) {
        writer.byte(operation.rawValue)
        writer.byte(d)
        for part in [a, b, c] {
            writer.byte(UInt8(truncatingIfNeeded: part))
            writer.byte(UInt8(truncatingIfNeeded: part >> 8))
        }
    }

    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> Instruction {
        guard let operation = Operation(rawValue: try reader.byte()) else {
            throw MalformedCode("there is no such instruction")
        }
        let d = try reader.byte()
        var parts: [UInt16] = []
        for _ in 0..<3 {
            let low = UInt16(try reader.byte())
            parts.append(low | UInt16(try reader.byte()) << 8)
        }
        return Instruction(operation, d: d, parts[0], parts[1], parts[2])
    }
}

extension Code.RefusalSite: Kept {
    func write(_ writer: inout ByteWriter) {
        writer.text(reason.word)
        code.write(&writer)
        span.write(&writer)
    }

    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> Code.RefusalSite {
        guard let reason = RefusalReason(rawValue: try reader.text()) else {
            throw MalformedCode("there is no such reason")
        }
        let code = try String?.read(&reader)
        return Code.RefusalSite(reason: reason, code: code, span: try Span.read(&reader))
    }
}

extension Code.Conformance: Kept {
    func write(_ writer: inout ByteWriter) {
        shape.write(&writer)
        type.write(&writer)
        name.write(&writer)
    }

    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> Code.Conformance {
        let shape = try Int.read(&reader)
        let type = try ValueType.read(&reader)
        return Code.Conformance(shape: shape, type: type, name: try reader.text())
    }
}

extension Code.TransferSite: Kept {
    func write(_ writer: inout ByteWriter) {
        fund.write(&writer)
        switch target {
        case .own(let index):
            writer.flag(false)
            index.write(&writer)
        case .foreign(let contract, let fund):
            writer.flag(true)
            contract.write(&writer)
            fund.write(&writer)
        }
    }

    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> Code.TransferSite {
        let fund = try Int.read(&reader)
        guard try reader.flag() else { return Code.TransferSite(fund: fund, target: .own(try Int.read(&reader))) }
        let contract = try TextValue.read(&reader)
        return Code.TransferSite(fund: fund, target: .foreign(contract: contract, fund: try TextValue.read(&reader)))
    }
}

extension Code.ParameterCode: Kept {
    func write(_ writer: inout ByteWriter) {
        name.write(&writer)
        periods.write(&writer)
        values.write(&writer)
    }

    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> Code.ParameterCode {
        let name = try reader.text()
        let periods = try [Period].read(&reader)
        return Code.ParameterCode(name: name, periods: periods, values: try [Int64].read(&reader))
    }
}

extension Code.Handler: Kept {
    func write(_ writer: inout ByteWriter) {
        start.write(&writer)
        end.write(&writer)
        target.write(&writer)
        walk.write(&writer)
    }

    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> Code.Handler {
        let start = try Int32.read(&reader)
        let end = try Int32.read(&reader)
        let target = try Int32.read(&reader)
        return Code.Handler(start: start, end: end, target: target, walk: try UInt16.read(&reader))
    }
}

extension Code.CheckSite: Kept {
    func write(_ writer: inout ByteWriter) {
        check.index.write(&writer)
        writer.text(check.severity.rawValue)
        check.code.write(&writer)
        check.source.write(&writer)
        check.span.write(&writer)
        group.write(&writer)
    }

    static func read(_ reader: inout ByteReader) throws(MalformedCode) -> Code.CheckSite {
        let index = try Int.read(&reader)
        guard let severity = CheckSyntax.Severity(rawValue: try reader.text()) else {
            throw MalformedCode("there is no such severity")
        }
        let code = try reader.text()
        let source = try String?.read(&reader)
        let span = try Span.read(&reader)
        let condition = Priced(CheckedExpression(.constant(.absent), .unknown, span))
        let check = CheckedCheck(
            index: index, severity: severity, code: code, text: CheckedText(parts: []), condition: condition,
            source: source, span: span)
        return Code.CheckSite(check: check, group: try UInt16.read(&reader))
    }
}
