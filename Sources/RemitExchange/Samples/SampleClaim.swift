import RemitValues

/// A claim of the sample, with its deliberate fault if it has one.
struct SampleClaim {
    private enum Fault: Int, CaseIterable {
        case noLines, late, twice, missingPrice, outside, unlisted, tooMany, reversed, badDate, unknownHospital, long
    }

    let resource: JSONValue

    init(number: Int, generator: SampleGenerator) {
        var random = SampleRandom(seed: generator.seed &* 1_000_003 &+ UInt64(number))
        let fault = random.chance(25) ? Fault(rawValue: random.below(Fault.allCases.count)) : nil
        let member = "M-\(random.below(generator.members) + 1)"
        let hospital = SampleGenerator.hospitals[random.below(SampleGenerator.hospitals.count)]
        let first = CalendarDate(year: 2026, month: 1, day: 5)?.dayNumber ?? 0
        // What comes too late does so by its stay, whatever its form says: 52 weeks earlier than the others.
        let day = Int64(random.below(80))
        let admitted = Int64(first) + (fault == .late ? day - 364 : fault == .long ? day / 2 : day)
        // Where nobody is admitted, patients come and go on the same day.
        let nights = hospital.care == "outpatient" ? 0 : Int64(1 + random.below(12))
        let stay = fault == .long ? Int64(75) : nights
        let discharged = fault == .reversed ? admitted - 2 : admitted + stay
        let filed = discharged + Int64(1 + random.below(20))
        let provider = fault == .unknownHospital ? "closed-ward" : hospital.id
        resource = .object([
            .init("resourceType", .string("Claim")), .init("id", .string("S-\(number + 1)")),
            .init("status", .string("active")), .init("type", Self.concept("institutional")),
            .init("use", .string("claim")),
            .init("patient", Self.reference("Patient/patient-\(member)")),
            .init(
                "billablePeriod",
                .object([
                    .init("start", .string(Self.time(admitted))),
                    .init("end", .string(fault == .badDate ? "2026-02" : Self.time(discharged))),
                ])),
            .init("created", .string(Self.time(filed))),
            .init("provider", Self.reference("Organization/\(provider)")),
            .init("priority", Self.concept("normal")),
            .init(
                "diagnosis",
                .array([
                    .object([
                        .init("sequence", .integer(1)),
                        .init(
                            "diagnosisCodeableConcept",
                            Self.concept(SampleGenerator.diagnoses[random.below(SampleGenerator.diagnoses.count)])),
                    ])
                ])),
            .init(
                "insurance",
                .array([
                    .object([
                        .init("sequence", .integer(1)), .init("focal", .boolean(true)),
                        .init("coverage", Self.reference("Coverage/coverage-\(member)")),
                    ])
                ])),
            .init("item", .array(Self.lines(&random, fault, admitted: admitted, stay: stay))),
        ])
    }

    private static func lines(
        _ random: inout SampleRandom, _ fault: Fault?, admitted: Int64, stay: Int64
    ) -> [JSONValue] {
        if fault == .noLines { return [] }
        var lines: [JSONValue] = []
        let count = 1 + random.below(5)
        var start = random.below(SampleItem.all.count)
        for line in 0..<count {
            // Steps through the list, so that no code comes twice unless the fault wants it.
            let item = SampleItem.all[start % SampleItem.all.count]
            start += fault == .twice && line == 0 ? 0 : 1
            let day = fault == .twice ? 0 : Int64(line) % max(1, stay)
            let served = fault == .outside && line == 0 ? admitted - 5 : admitted + day
            let quantity = fault == .tooMany ? 99 : 1 + random.below(2)
            let cents = item.listPrice * (80 + random.below(35))
            var members: [JSONValue.Member] = [
                .init("sequence", .integer(line + 1)),
                .init("productOrService", concept(fault == .unlisted && line == 0 ? "Z9999" : item.code)),
                .init("servicedDate", .string(Self.day(served))),
                .init("quantity", .object([.init("value", .integer(quantity))])),
            ]
            if !(fault == .missingPrice && line == 0) {
                let digits = "\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100)"
                members.append(
                    .init(
                        "unitPrice",
                        .object([.init("value", .number(digits)), .init("currency", .string("CNY"))])))
            }
            if random.chance(60) {
                members.append(
                    .init("detail", .array([.object([.init("programCode", .array([concept("explained")]))])])))
            }
            lines.append(.object(members))
        }
        return lines
    }

    private static func concept(_ code: String) -> JSONValue {
        .object([.init("coding", .array([.object([.init("code", .string(code))])]))])
    }

    private static func reference(_ text: String) -> JSONValue { .object([.init("reference", .string(text))]) }

    private static func day(_ number: Int64) -> String {
        CalendarDate(dayNumber: number)?.description ?? "2026-01-05"
    }

    private static func time(_ number: Int64) -> String { day(number) + "T09:30:00+08:00" }
}
