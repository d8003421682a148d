import RemitValues

/// Where the arguments of a contract's action come from, read from a file (see `Docs/mapping.md`).
public struct Mapping: Sendable {
    /// What the input is made of.
    public enum Format: String, CaseIterable, Sendable {
        /// One FHIR R4 resource a line.
        case fhir = "fhir-ndjson"
        /// One line of a claim a record; consecutive records with the same key are one claim.
        case rows = "csv-rows"
    }

    /// Where one value comes from: the first path that leads to one.
    struct Source: Sendable {
        let paths: [MappingPath]
        let values: [String: String]
        let constant: JSONValue?
    }

    /// Where price and quantity of a line stand together; without a quantity it counts one.
    struct Pricing: Sendable {
        let price: MappingPath
        let quantity: MappingPath?
    }

    /// Where the elements of a list come from.
    struct ListSource: Sendable {
        let path: MappingPath
        let fields: [(name: String, source: Source)]
        let priceField: String?
        let quantityField: String?
        let pricings: [Pricing]
        /// Where the line names its currency: every one that is there must be the mapping's.
        let currencies: [MappingPath]
        /// Where a factor stands by which a price with a quantity would have to be multiplied.
        let factor: MappingPath?
    }

    enum Argument: Sendable {
        case single(Source)
        case list(ListSource)
    }

    /// The contract and its action.
    public let contract: String
    public let action: String
    public let format: Format
    /// The currency of amounts, where the data names one.
    let currency: String?
    /// For resources, their type; for records, the column that keeps a claim's records together.
    let resource: String
    let conditions: [(path: MappingPath, allowed: [String])]
    let identifier: Source
    let organisation: Source
    let organisationName: Source?
    let arguments: [(name: String, argument: Argument)]
}
