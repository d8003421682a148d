/// Makes synthetic claims of any number in FHIR R4, with the registers that adjudicate them; nobody in it exists.
///
/// About a quarter of the claims have a fault put in on purpose, so that every kind of decision occurs.
public struct SampleGenerator: Sendable {
    /// A file of the sample.
    public struct File: Sendable {
        public let name: String
        public let text: String
    }

    /// How many claims are made.
    public let claims: Int
    let seed: UInt64
    let members: Int
    static let hospitals: [(id: String, name: String, tier: String, care: String, outside: String)] = [
        ("river-clinic", "River Clinic", "primary", "outpatient", "no"),
        ("east-county", "East County Hospital", "secondary", "both", "no"),
        ("west-county", "West County Hospital", "secondary", "inpatient", "no"),
        ("city-general", "City General Hospital", "tertiary", "both", "no"),
        ("university", "University Hospital", "tertiary", "both", "yes"),
    ]
    static let diagnoses = ["J18.9", "I10", "E11.9", "K35.8", "P07.3", "N40"]

    /// A sample of a number of claims; the same seed gives the same bytes.
    public init(claims: Int, seed: UInt64 = 1) {
        self.claims = max(0, claims)
        self.seed = seed
        members = max(10, claims / 4)
    }

    /// Hands over the lines of the claims file: organisations, patients and coverages first, then the claims.
    public func writeClaims(_ line: (String) throws -> Void) rethrows {
        for hospital in Self.hospitals {
            try line(
                JSONValue.object([
                    .init("resourceType", .string("Organization")), .init("id", .string(hospital.id)),
                    .init("name", .string(hospital.name)),
                ]).text)
        }
        for number in 0..<members {
            let member = SampleMember(number: number, seed: seed)
            try line(member.patient.text)
            try line(member.coverage.text)
        }
        for number in 0..<claims {
            try line(SampleClaim(number: number, generator: self).resource.text)
        }
    }

    /// The registers of the contract InsuranceClaim, a CSV file each, named by the register.
    public func registers() -> [File] {
        let items = SampleItem.all
        let hospitals = Self.hospitals.map { "\($0.id),\($0.tier),\($0.care),\($0.outside)" }
        let people = (0..<members).map { SampleMember(number: $0, seed: seed).row }
        let prices = Self.hospitals.flatMap { hospital in
            items.filter { $0.isPriced }.map { "\(hospital.id),\($0.code),\($0.listPrice).00,2024-01-01," }
        }
        let authorised = stride(from: 0, to: members, by: 3).map { number in
            "\(SampleMember(number: number, seed: seed).identifier),V0001,2026-01-01,2026-03-31,1"
        }
        let referred = stride(from: 0, to: members, by: 2).flatMap { number in
            ["city-general", "university"].map {
                "\(SampleMember(number: number, seed: seed).identifier),\($0),2026-01-01,2026-12-31"
            }
        }
        let illnesses = Self.diagnoses.map { code in
            let ages = code == "P07.3" ? "0,1" : code == "N40" ? "40,124" : "0,124"
            return "\(code),2020-01-01,,\(ages)"
        }
        return [
            file("Hospital", "organisation,tier,care,outside", hospitals),
            file("Member", SampleMember.header, people),
            file("Item", SampleItem.header, items.map(\.row)),
            file("Waiting", "code,adult,child", ["S0003,6,3"]),
            file("Occasion", "code,event", ["S0002,surgery", "S0001,consultation"]),
            file("Price", "hospital,code,amount,validFrom,validTo", prices),
            file("Diagnosis", "code,listedFrom,listedTo,youngest,oldest", illnesses),
            file("Authorisation", "member,code,validFrom,validTo,quantity", authorised),
            file("Referral", "member,hospital,validFrom,validTo", referred),
            file("Evidence", "claim,received", stride(from: 0, to: claims, by: 2).map { "S-\($0 + 1),2026-04-01" }),
        ]
    }

    private func file(_ name: String, _ header: String, _ rows: [String]) -> File {
        File(name: name, text: ([header] + rows).joined(separator: "\n") + "\n")
    }
}

/// An item of the sample's list.
struct SampleItem: Sendable {
    static let header =
        "code,category,listedFrom,listedTo,care,onlyFor,youngest,oldest,most,needsAuthorisation,needsEvidence"

    let code: String
    let row: String
    let listPrice: Int
    let isPriced: Bool

    private init(_ code: String, _ row: String, price: Int, isPriced: Bool = true) {
        self.code = code
        self.row = "\(code),\(row)"
        listPrice = price
        self.isPriced = isPriced
    }

    static let all: [SampleItem] = [
        SampleItem("D0001", "drugA,2020-01-01,,both,,0,124,60,no,no", price: 40),
        SampleItem("D0002", "drugB,2020-01-01,,both,,0,124,60,no,no", price: 120),
        SampleItem("D0003", "drugB,2020-01-01,2025-12-31,both,,0,124,60,no,no", price: 75),
        SampleItem("S0001", "service,2020-01-01,,both,,0,124,10,no,no", price: 300),
        SampleItem("S0002", "service,2020-01-01,,inpatient,,0,124,1,no,no", price: 5200),
        SampleItem("S0003", "service,2020-01-01,,both,female,12,60,2,no,no", price: 900),
        SampleItem("S0004", "service,2020-01-01,,both,,0,124,2,no,yes", price: 1500),
        SampleItem("V0001", "device,2020-01-01,,both,,0,124,1,yes,no", price: 18_000),
        SampleItem("V0002", "device,2020-01-01,,both,,18,124,2,no,no", price: 2600),
        SampleItem("X0001", "excluded,2020-01-01,,both,,0,124,9,no,no", price: 500),
        SampleItem("S0009", "service,2020-01-01,,both,,0,124,9,no,no", price: 80, isPriced: false),
    ]
}

/// A member of the sample.
struct SampleMember {
    static let header = "id,plan,sex,born,died,joined,coveredFrom,coveredTo,otherPayer"

    let identifier: String
    private let born: String
    private let sex: String
    private let died: String
    private let plan: String
    private let joined: String
    private let coveredFrom: String
    private let coveredTo: String
    private let otherPayer: Bool
    private let isKnown: Bool

    init(number: Int, seed: UInt64) {
        var random = SampleRandom(seed: seed &* 31 &+ UInt64(number) &* 2 &+ 1)
        identifier = "M-\(number + 1)"
        let year = 1936 + random.below(89)
        born = "\(year)-0\(1 + random.below(9))-\(10 + random.below(18))"
        sex = random.chance(50) ? "female" : "male"
        plan = random.chance(60) ? "employee" : "resident"
        died = random.chance(3) ? "2026-01-\(10 + random.below(20))" : ""
        joined = random.chance(8) ? "2026-01-01" : "2019-07-01"
        coveredFrom = random.chance(4) ? "2026-03-01" : "2026-01-01"
        coveredTo = random.chance(4) ? "2026-02-28" : "2026-12-31"
        otherPayer = random.chance(3)
        isKnown = !random.chance(2)
    }

    /// The row of the register; somebody whom the register does not know stands there under another name.
    var row: String {
        let name = isKnown ? identifier : "gone-\(identifier)"
        return
            "\(name),\(plan),\(sex),\(born),\(died),\(joined),\(coveredFrom),\(coveredTo),\(otherPayer ? "yes" : "no")"
    }

    var patient: JSONValue {
        var members: [JSONValue.Member] = [
            .init("resourceType", .string("Patient")), .init("id", .string("patient-\(identifier)")),
            .init("gender", .string(sex)), .init("birthDate", .string(born)),
        ]
        if !died.isEmpty { members.append(.init("deceasedDateTime", .string("\(died)T08:00:00+08:00"))) }
        return .object(members)
    }

    var coverage: JSONValue {
        .object([
            .init("resourceType", .string("Coverage")), .init("id", .string("coverage-\(identifier)")),
            .init("status", .string("active")), .init("subscriberId", .string(identifier)),
        ])
    }
}
