import RemitValues

/// Turns records into calls by a mapping; what cannot be used is reported, and the rest go on.
public struct Mapper: Sendable {
    /// What a record comes to.
    public enum Outcome: Sendable {
        case call(MappedCall)
        /// The record is of another kind than the mapping takes.
        case skipped
        /// The record is of the kind, and the mapping's conditions leave it out.
        case leftOut(MappingReport)
        case unusable(MappingReport)
    }

    private let mapping: Mapping
    private let targets: [(name: String, type: TargetType)]
    private let index: ResourceIndex

    /// A mapper onto the arguments that a contract declares; refuses a mapping that leaves one out.
    public init(
        mapping: Mapping, targets: [(name: String, type: TargetType)], index: ResourceIndex
    ) throws(ExchangeError) {
        self.mapping = mapping
        self.targets = targets
        self.index = index
        for (name, _) in mapping.arguments where !targets.contains(where: { TextValue($0.name) == TextValue(name) }) {
            throw .mapping("\(mapping.contract).\(mapping.action) takes no argument \"\(name)\"")
        }
        for (name, type) in targets {
            guard type.isGivable else {
                throw .mapping("the argument \"\(name)\" is of a type that cannot be given from outside")
            }
            let isThere = mapping.arguments.contains { TextValue($0.name) == TextValue(name) }
            if !isThere, case .optional = type { continue }
            guard isThere else { throw .mapping("it says nothing about the argument \"\(name)\"") }
        }
    }

    /// Maps one record; `line` is where it begins.
    public func map(_ record: JSONValue, line: Int) -> Outcome {
        if mapping.format == .fhir {
            guard record["resourceType"]?.string?.utf8.elementsEqual(mapping.resource.utf8) ?? false else {
                return .skipped
            }
        }
        var run = MappingRun(record: record, index: index, mapping: mapping, line: line)
        if let report = run.exclusion() { return .leftOut(report) }
        return run.finish(targets: targets)
    }
}

/// One record under way.
private struct MappingRun {
    let record: JSONValue
    let index: ResourceIndex
    let mapping: Mapping
    let line: Int
    var reports: [MappingReport] = []
    var identifier: String?

    init(record: JSONValue, index: ResourceIndex, mapping: Mapping, line: Int) {
        self.record = record
        self.index = index
        self.mapping = mapping
        self.line = line
        identifier = text(mapping.identifier)
    }

    /// Why the mapping's conditions leave the record out, if they do.
    func exclusion() -> MappingReport? {
        for (path, allowed) in mapping.conditions {
            let found = path.value(in: record, root: record, index: index)
            if let word = found?.string, allowed.contains(where: { TextValue($0) == TextValue(word) }) { continue }
            let state = found.map { "is \(ValueConversion.shown($0))" } ?? "is missing"
            return MappingReport(
                line: line, identifier: identifier, severity: .note, code: "leftOut",
                text: "`\(path.written)` \(state), and the mapping takes \(allowed.joined(separator: ", ")) only")
        }
        return nil
    }

    mutating func finish(targets: [(name: String, type: TargetType)]) -> Mapper.Outcome {
        guard let identifier else { return unusable("identifier", "the record has no identifier") }
        guard let organisation = text(mapping.organisation) else {
            return unusable("organisation", "the record names no organisation that it comes from")
        }
        var arguments: [Value] = []
        for (name, type) in targets {
            guard let entry = mapping.arguments.first(where: { TextValue($0.name) == TextValue(name) }) else {
                arguments.append(.absent)
                continue
            }
            do throws(ConversionProblem) {
                arguments.append(try argument(entry.argument, type, name: name))
            } catch {
                return unusable("value", "`\(error.path)` \(error.text)")
            }
        }
        let name = mapping.organisationName.flatMap(text)
        return .call(
            MappedCall(
                line: line, identifier: identifier, organisation: organisation, organisationName: name,
                arguments: arguments, reports: reports))
    }

    private func unusable(_ code: String, _ text: String) -> Mapper.Outcome {
        .unusable(
            MappingReport(line: line, identifier: identifier, severity: .error, code: code, text: text))
    }

    /// The text at the first path of a source that leads to one.
    private func text(_ source: Mapping.Source) -> String? {
        for path in source.paths {
            guard let found = path.value(in: record, root: record, index: index) else { continue }
            guard let text = ReferenceKey.name(of: found, in: record), !text.isEmpty else { continue }
            return source.values[text] ?? text
        }
        return source.constant?.string
    }

    /// The first value that a source leads to.
    private func value(_ source: Mapping.Source, in part: JSONValue) -> JSONValue? {
        for path in source.paths {
            guard let found = path.value(in: part, root: record, index: index), !ValueConversion.isAbsent(found) else {
                continue
            }
            if source.values.isEmpty { return found }
            guard let word = found.string, let target = source.values[word] else { return found }
            return .string(target)
        }
        return source.constant
    }

    private mutating func argument(
        _ argument: Mapping.Argument, _ type: TargetType, name: String
    ) throws(ConversionProblem) -> Value {
        switch argument {
        case .single(let source): return try single(source, in: record, type, path: name)
        case .list(let list): return try self.list(list, type, name: name)
        }
    }

    private func single(
        _ source: Mapping.Source, in part: JSONValue, _ type: TargetType, path: String
    ) throws(ConversionProblem) -> Value {
        guard let found = value(source, in: part) else {
            if case .optional = type { return .absent }
            let places = source.paths.map(\.written).joined(separator: ", ")
            throw ConversionProblem(path: path, text: "is missing (looked for at \(places))")
        }
        return try ValueConversion.convert(try plain(found, type, path), to: type, path: path)
    }

    /// The name of what is referred to, where the contract wants a text or a party.
    private func plain(_ json: JSONValue, _ type: TargetType, _ path: String) throws(ConversionProblem) -> JSONValue {
        switch type {
        case .optional(let wrapped): return try plain(json, wrapped, path)
        case .text, .person, .organisation:
            guard case .object = json else { return json }
            guard let name = ReferenceKey.name(of: json, in: record) else {
                throw ConversionProblem(path: path, text: "refers to nothing that has a name")
            }
            return .string(name)
        default: return json
        }
    }

    // MARK: Lines

    private mutating func list(
        _ list: Mapping.ListSource, _ type: TargetType, name: String
    ) throws(ConversionProblem) -> Value {
        guard case .list(.record(let fields), let bound) = type else {
            throw ConversionProblem(path: name, text: "is no list of records in the contract")
        }
        let items = list.path.value(in: record, root: record, index: index)?.array ?? []
        var values: [Value] = []
        for (number, item) in items.enumerated() {
            let path = "\(name)[\(number)]"
            let pricing = list.pricings.first { pricing in
                !ValueConversion.isAbsent(pricing.price.value(in: item, root: record, index: index))
            }
            if !list.pricings.isEmpty, pricing == nil {
                reports.append(
                    MappingReport(
                        line: line, identifier: identifier, severity: .note, code: "notBillable",
                        text: "line \(number + 1) has no price and is not billable"))
                continue
            }
            try checkCurrency(list, item, path: path)
            try checkFactor(list, pricing, item, path: path)
            var elements: [Value] = []
            for field in fields {
                elements.append(try self.field(field, of: item, list, pricing, path: "\(path).\(field.name)"))
            }
            values.append(.record(elements))
        }
        guard values.count <= bound else {
            throw ConversionProblem(path: name, text: "has \(values.count) billable lines and may have \(bound)")
        }
        return .list(values)
    }

    private func field(
        _ field: (name: String, type: TargetType), of item: JSONValue, _ list: Mapping.ListSource,
        _ pricing: Mapping.Pricing?, path: String
    ) throws(ConversionProblem) -> Value {
        if let pricing {
            if field.name == list.priceField, let price = pricing.price.value(in: item, root: record, index: index) {
                return try ValueConversion.convert(price, to: field.type, path: path)
            }
            if field.name == list.quantityField {
                let found = pricing.quantity?.value(in: item, root: record, index: index)
                // A line with a price and no quantity counts one.
                let quantity = ValueConversion.isAbsent(found) ? nil : found
                return try ValueConversion.convert(quantity ?? .number("1"), to: field.type, path: path)
            }
        }
        guard let source = list.fields.first(where: { TextValue($0.name) == TextValue(field.name) })?.source else {
            if case .optional = field.type { return .absent }
            throw ConversionProblem(path: path, text: "is left out by the mapping")
        }
        return try single(source, in: item, field.type, path: path)
    }

    private func checkCurrency(
        _ list: Mapping.ListSource, _ item: JSONValue, path: String
    ) throws(ConversionProblem) {
        guard let wanted = mapping.currency else { return }
        for place in list.currencies {
            guard let found = place.value(in: item, root: record, index: index)?.string else { continue }
            guard TextValue(found) == TextValue(wanted) else {
                throw ConversionProblem(path: path, text: "is in \(found), and the contract is in \(wanted)")
            }
        }
    }

    /// A price of one is only what the line says where no factor changes it.
    private func checkFactor(
        _ list: Mapping.ListSource, _ pricing: Mapping.Pricing?, _ item: JSONValue, path: String
    ) throws(ConversionProblem) {
        guard pricing?.quantity != nil, let place = list.factor,
            let found = place.value(in: item, root: record, index: index), !ValueConversion.isAbsent(found)
        else { return }
        guard try ValueConversion.number(found, path) == .one else {
            throw ConversionProblem(
                path: path, text: "has the factor \(ValueConversion.shown(found)), which the contract does not know")
        }
    }
}
