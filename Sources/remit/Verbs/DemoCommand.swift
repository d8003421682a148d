import ArgumentParser
import Foundation
import RemitExchange
import RemitLanguage
import RemitLedger
import RemitNode
import RemitRuntime
import RemitValues

/// Runs the main job from end to end in a folder of its own.
struct DemoCommand: Verb {
    static let words = "demo"
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Found a ledger, deploy a contract, adjudicate claims, explain one, verify the chain.",
        discussion: """
            Takes the claims of REMIT_DATA (a file, or a folder with synthea-fhir-r4.ndjson.gz) or of ../shared/data \
            where they are there, and makes synthetic ones otherwise. Recorded claims are received on the day after \
            the newest of them was made, or when REMIT_CLOCK says; what is too old by then is late. The keys are for \
            demonstration only.

            Example: remit demo --folder demo --claims 1000
            """)

    @Option(help: "The folder for the ledger and the sample; it must not hold a ledger yet.")
    var folder: String

    @Option(
        parsing: .unconditional, help: "Make this many synthetic claims, whatever data is there.",
        transform: NumberOption.reading(0...1_000_000))
    var claims: Int?

    @Option(
        parsing: .unconditional, help: NumberOption.help("The seed of synthetic claims.", usually: 1),
        transform: NumberOption.from(0))
    var seed: UInt64 = 1

    @Flag(help: "Stop before the claims are adjudicated.")
    var prepareOnly = false

    @OptionGroup var common: PlainOptions

    func perform(_ console: Console) throws -> Outcome {
        Interruption.watch()
        let ledger = LedgerFolder(path: "\(folder)/ledger")
        guard !Files.exists(ledger.chain) else {
            throw CommandFailure.files("there is a ledger in \(ledger.path) already", hint: "choose another --folder")
        }
        let job = try DemoJob.chosen(folder: folder, claims: claims, seed: seed)
        let clock = try Clocks.chosen(otherwise: job.received)
        console.line("1. Found a ledger in \(ledger.path)", .strong)
        let node = try InitCommand.found(
            ledger, chain: "demonstration", organisation: DemoJob.insurer, administrator: "ann", unsafeKeys: true,
            clock: clock)
        console.remark("   \(job.told)")
        console.line("2. Deploy \(job.contract) and admit the parties", .strong)
        let contract = try job.prepare(node, ledger, console)
        guard !prepareOnly else {
            return Outcome(.object([.init("ledger", .string(ledger.path)), .init("claims", .string(job.claims))]))
        }
        console.line("3. Adjudicate", .strong)
        let sender = try ledger.keys.key(DemoJob.clearingHouse)
        let report = try BatchRun(
            node: node, contract: contract, mapping: try job.readMapping(), file: job.claims, sender: sender.signer,
            administrator: try ledger.keys.key(LedgerFolder.administratorKey).signer, seeds: sender.seeds,
            console: console
        ).run()
        report.showSummary(console)
        for remark in report.unusable.prefix(5) {
            console.line("not used: line \(remark.line): \(remark.text)", .doubtful)
        }
        if report.wasStopped { return Outcome(report.json, .finding) }
        if let telling = try Self.telling(node, contract) {
            console.line("4. Why \(telling)", .strong)
            for explanation in try node.explain(case: telling) {
                try DecisionAccount(explanation, node, isPublic: false).show(console)
            }
        }
        console.line("5. Verify: links, signatures, roots, and every decision again", .strong)
        let verified = try VerifyCommand.verify(ledger, replaying: true, console)
        showNext(ledger, try Self.telling(node, contract), console)
        let json = JSONValue.object([
            .init("ledger", .string(ledger.path)), .init("batch", report.json), .init("verification", verified.json),
        ])
        return Outcome(json, verified.status)
    }

    private func showNext(_ ledger: LedgerFolder, _ telling: CaseReference?, _ console: Console) {
        console.remark()
        console.remark("Try next:", .strong)
        let program = CommandLine.arguments.first ?? "remit"
        console.remark("  export REMIT_LEDGER=\(ledger.path)")
        if let telling { console.remark("  \(program) show \(telling)") }
        console.remark("  \(program) cases --state pended")
        console.remark("  \(program) verify --replay")
    }

    /// A case worth telling: the first that was paid in part, with findings; else one with findings; else the first.
    private static func telling(_ node: LedgerNode, _ contract: DeployedContract) throws -> CaseReference? {
        var first: CaseReference?
        var found: CaseReference?
        var best: CaseReference?
        try node.forEachCase(of: contract.program.name) { view in
            first = first ?? view.reference
            let findings = view.stored.state.checks.compactMap { $0 }.flatMap(\.findings)
            guard !findings.isEmpty else { return true }
            found = found ?? view.reference
            let isPaid = view.stored.state.fields.contains { field in
                if case .money(let money) = field { money.minorUnits > 0 } else { false }
            }
            if isPaid { best = view.reference }
            return !isPaid
        }
        return best ?? found ?? first
    }
}

/// What a demonstration works on.
struct DemoJob {
    static let insurer = "insurer"
    static let clearingHouse = "clearing-house"
    private static let realSet = "synthea-fhir-r4.ndjson.gz"

    let contract: String
    let mapping: String
    let claims: String
    /// Synthetic registers to load; none for real claims.
    let registers: [SampleFolder.Register]
    /// When the claims come in.
    let received: Instant
    let told: String

    /// The real set where it is there, else a synthetic sample, which is written into the folder.
    static func chosen(folder: String, claims: Int?, seed: UInt64) throws -> DemoJob {
        try Files.makeFolder(folder, mode: 0o755)
        if claims == nil, let real = try realClaims() {
            let received = try dayAfterNewest(of: real) ?? FixedClock.demonstration
            return DemoJob(
                contract: "commercial-claim", mapping: "fhir-r4-commercial-claim", claims: real, registers: [],
                received: received, told: "the claims are those of \(real)")
        }
        let count = claims ?? 1000
        let sample = "\(folder)/sample"
        let registers = try SampleFolder.write(SampleGenerator(claims: count, seed: seed), to: sample)
        return DemoJob(
            contract: "insurance-claim", mapping: "fhir-r4-insurance-claim",
            claims: "\(sample)/\(SampleFolder.claims)", registers: registers, received: FixedClock.demonstration,
            told: "\(count) synthetic claims are in \(sample)")
    }

    /// The day after the newest claim of a file was made, in UTC; nil where no claim tells a day.
    private static func dayAfterNewest(of path: String) throws -> Instant? {
        var newest: CalendarDate?
        let lines = try LineReader(path: path)
        while let line = try lines.next() {
            guard let resource = try? JSONValue.parse(line.bytes), resource["resourceType"]?.string == "Claim",
                let day = resource["created"]?.string.flatMap({ CalendarDate.parse(String($0.prefix(10))) })
            else { continue }
            newest = max(newest ?? day, day)
        }
        return newest.flatMap { CalendarDate(dayNumber: Int64($0.dayNumber) + 1) }
            .flatMap { Instant(date: $0, hour: 0, minute: 0, second: 0, offset: 0) }
    }

    private static func realClaims() throws -> String? {
        let given = ProcessInfo.processInfo.environment["REMIT_DATA"] ?? ""
        if !given.isEmpty {
            if Files.isFolder(given) {
                let file = "\(given)/\(realSet)"
                return Files.exists(file) ? file : nil
            }
            return Files.exists(given) ? given : nil
        }
        let project = URL(fileURLWithPath: try Checkout.find("Contracts")).deletingLastPathComponent()
        let file = project.deletingLastPathComponent().appendingPathComponent("shared/data/\(realSet)").path
        return Files.exists(file) ? file : nil
    }

    func readMapping() throws -> Mapping {
        let path = try Checkout.find("Contracts/mappings/\(mapping).json")
        return try Mapping(bytes: try Files.read(path, limit: Limits.mappingBytes), form: NormalForm.of)
    }

    /// Admits the parties, deploys the contract and loads the registers.
    func prepare(_ node: LedgerNode, _ ledger: LedgerFolder, _ console: Console) throws -> DeployedContract {
        let file = try ContractFile(path: try Checkout.find("Contracts/\(contract).remit"))
        let program = try file.checked()
        let home = TextValue(Self.insurer)
        var calls: [SystemCall] = [.deployContract(source: try file.text(), home: home)]
        var people = [
            ("clerk", "RegistryClerk"), ("officer", "ClaimsOfficer"), ("cashier", "Cashier"),
            ("treasurer", "Treasurer"),
        ]
        people = people.filter { person in program.roles.contains { TextValue($0) == TextValue(person.1) } }
        // The clearing-house gets its role in each organisation of the data as the batch meets it.
        for (name, role) in people + [(Self.clearingHouse, "")] {
            let key = try KeyFile.demonstration(name: name, person: name)
            try ledger.keys.save(key)
            let person = TextValue(name)
            calls.append(.registerPerson(identifier: person, name: person))
            calls.append(.addKey(person: person, key: key.signer.publicKey))
            if !role.isEmpty { calls.append(.grantRole(person: person, role: TextValue(role), organisation: home)) }
        }
        let administrator = try ledger.keys.key(LedgerFolder.administratorKey)
        for execution in try SystemSender(node: node, key: administrator).commit(calls) {
            guard ReceiptText.isDone(execution.receipt.outcome) else {
                throw CommandFailure.refused("a call was \(ReceiptText.outcome(execution.receipt.outcome))")
            }
        }
        let deployed = try node.contract(named: program.name)
        for register in registers {
            let declared = try RegisterLoad.find(register.name, of: deployed)
            let keeper = people.first { person in
                declared.keepers.contains { TextValue(program.roles[$0]) == TextValue(person.1) }
            }
            let key = try ledger.keys.key(keeper?.0 ?? LedgerFolder.administratorKey)
            let report = try RegisterLoad(
                node: node, contract: deployed, register: declared, signer: key.signer, seeds: key.seeds,
                console: console
            ).run(register.path)
            console.remark("   \(register.name): \(Counted.text(report.written, "row"))")
        }
        return deployed
    }
}
