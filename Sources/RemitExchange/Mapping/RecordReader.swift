import RemitValues

/// A record of a file, or why it cannot be read.
public struct ReadRecord: Sendable {
    /// The line on which it begins, from 1.
    public let line: Int
    public let content: Result<JSONValue, ExchangeError>
}

/// Reads the records that a mapping speaks of: resources of NDJSON, or grouped rows of CSV.
public final class RecordReader {
    private enum Input {
        case lines(LineReader)
        case rows(CSVReader, group: Int)
    }

    private let input: Input
    private let form: TextForm
    /// What is to be handed over next, the last first.
    private var pending: [ReadRecord] = []
    private var held: CSVReader.Record?
    /// A line that could not be read and may belong to the claim under way.
    private var doubtful: Int?

    /// Opens a file for a mapping; every text in it is brought to a form.
    public init(path: String, mapping: Mapping, form: @escaping TextForm = { $0 }) throws(ExchangeError) {
        self.form = form
        switch mapping.format {
        case .fhir: input = .lines(try LineReader(path: path))
        case .rows:
            let reader = try CSVReader(path: path, form: form)
            guard let group = reader.header.firstIndex(where: { TextValue($0) == TextValue(mapping.resource) }) else {
                throw .header(path: path, problem: "there is no column \"\(mapping.resource)\"")
            }
            input = .rows(reader, group: group)
        }
    }

    /// The file, for its progress.
    public var source: ByteSource {
        switch input {
        case .lines(let reader): reader.source
        case .rows(let reader, _): reader.source
        }
    }

    /// The next record; nil at the end. Throws only where the file itself cannot be read on.
    public func next() throws(ExchangeError) -> ReadRecord? {
        if let next = pending.popLast() { return next }
        switch input {
        case .lines(let reader): return try nextResource(reader)
        case .rows(let reader, let group): return try nextGroup(reader, group)
        }
    }

    private func nextResource(_ reader: LineReader) throws(ExchangeError) -> ReadRecord? {
        while let line = try reader.next() {
            if line.isTooLong {
                return ReadRecord(line: line.number, content: .failure(.longLine(line: line.number)))
            }
            if line.bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { continue }
            do throws(ExchangeError) {
                let json = try JSONValue.parse(line.bytes, form: form)
                guard json["resourceType"]?.string == "Bundle" else {
                    return ReadRecord(line: line.number, content: .success(json))
                }
                pending = BundleReading.entries(of: json).reversed()
                    .map { ReadRecord(line: line.number, content: .success($0.resource)) }
                if let next = pending.popLast() { return next }
            } catch {
                return ReadRecord(line: line.number, content: .failure(error))
            }
        }
        return nil
    }

    /// The next claim: rows with the same key that follow each other. A row that cannot be read is reported, and so is
    /// the claim that it stands in or beside, since a claim without one of its lines would be another claim.
    private func nextGroup(_ reader: CSVReader, _ group: Int) throws(ExchangeError) -> ReadRecord? {
        var rows: [CSVReader.Record] = held.map { [$0] } ?? []
        held = nil
        var failures: [ReadRecord] = []
        var doubt = doubtful
        doubtful = nil
        while let result = try reader.next() {
            switch result {
            case .failure(let error):
                guard case .csv(let line, _) = error else { throw error }
                failures.append(ReadRecord(line: line, content: .failure(error)))
                doubt = line
                doubtful = line
            case .success(let record):
                if let first = rows.first, TextValue(first.fields[group]) != TextValue(record.fields[group]) {
                    held = record
                    return hand(over: rows, reader.header, doubt, failures)
                }
                rows.append(record)
                doubtful = nil
            }
        }
        return hand(over: rows, reader.header, doubt, failures)
    }

    private func hand(
        over rows: [CSVReader.Record], _ header: [String], _ doubt: Int?, _ failures: [ReadRecord]
    ) -> ReadRecord? {
        var records = failures
        if let first = rows.first, let doubt {
            let problem = "the claim is left out, since line \(doubt) cannot be read and may belong to it"
            records.append(ReadRecord(line: first.line, content: .failure(.csv(line: first.line, problem: problem))))
        } else if let claim = claim(rows, header) {
            records.append(claim)
        }
        pending = records.reversed()
        return pending.popLast()
    }

    /// The rows of a claim as one object: the first row's columns, and all rows under `rows`.
    private func claim(_ rows: [CSVReader.Record], _ header: [String]) -> ReadRecord? {
        let objects = rows.map { row in
            zip(header, row.fields).map { JSONValue.Member($0, .string($1)) }
        }
        guard let first = objects.first, let line = rows.first?.line else { return nil }
        return ReadRecord(
            line: line,
            content: .success(.object(first + [JSONValue.Member("rows", .array(objects.map(JSONValue.object)))])))
    }
}

extension ResourceIndex {
    /// Reads through a file of resources and keeps what can be referred to; lines that are no JSON are left for later.
    public init(
        path: String, form: @escaping TextForm = { $0 },
        progress: (_ consumed: Int, _ size: Int) -> Void = { _, _ in }
    ) throws(ExchangeError) {
        self.init()
        let reader = try LineReader(path: path)
        while let line = try reader.next() {
            if !line.isTooLong, let resource = try? JSONValue.parse(line.bytes, form: form) { add(resource) }
            progress(reader.source.consumed, reader.source.size)
        }
    }
}
