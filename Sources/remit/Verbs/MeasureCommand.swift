import ArgumentParser
import Dispatch
import Glibc
import RemitExchange
import RemitLanguage
import RemitNode
import RemitRuntime
import RemitValues

/// Measures decisions; called by `make bench`, and not meant for users.
struct MeasureCommand: Verb {
    static let words = "measure"
    static let configuration = CommandConfiguration(
        commandName: "measure", abstract: "Measure decisions of a contract on NDJSON.", shouldDisplay: false)

    @Argument(help: "The contract file.")
    var file: String

    @Option(help: "The NDJSON file.")
    var input: String

    @Option(
        parsing: .unconditional,
        help: NumberOption.help("How often each measurement is taken; the rounds are interleaved.", usually: 5),
        transform: NumberOption.from(1))
    var rounds = 5

    @Option(
        parsing: .unconditional,
        help: NumberOption.help("The least time of one measurement, in milliseconds.", usually: 150),
        transform: NumberOption.from(0))
    var milliseconds = 150

    @Option(help: "Rows of a register: its name, = and a CSV file.")
    var register: [String] = []

    @Option(help: "Take these measurements only, by name.")
    var only: [String] = []

    @OptionGroup var libraries: LibraryOptions
    @OptionGroup var common: PlainOptions

    func perform(_ console: Console) throws -> Outcome {
        let program = try ContractFile(path: file, libraries: libraries.folders).contract()
        let action = try BatchActions.opening(nil, in: program)
        let bytes = try Files.read(input, limit: 1 << 30)
        var rows = BatchRows()
        let home = Party(.organisation, "home")
        let context = BatchContext(
            actor: Party(.person, "anybody"), organisation: home, home: home, now: try Clocks.chosen().now)
        for argument in register { try BatchActions.load(argument, program, in: context, into: &rows) }
        let bench = try MachineBench(program, action: action, bytes: bytes, rows: rows, only: only)
        rows = BatchRows()
        var times: [String: [Double]] = [:]
        let chosen = bench.measurements
        let names = chosen.map(\.name)
        for _ in 0..<rounds {
            for measurement in chosen {
                times[measurement.name, default: []].append(
                    measure(measurement.run, isWall: measurement.isWall)
                        / Double(bench.count * (bench.repeats[measurement.name] ?? 1)))
            }
        }
        for name in names {
            guard let list = times[name]?.sorted(), !list.isEmpty else { continue }
            let median = list[list.count / 2]
            console.line("\(name) \(Int(median.rounded())) ns a decision")
        }
        return Outcome(
            .object(names.map { .init($0, .array((times[$0] ?? []).map { .number(String($0)) })) }))
    }

    /// Nanoseconds of one run: processor time, or wall time where several cores run.
    private func measure(_ run: () -> Void, isWall: Bool) -> Double {
        let clock = isWall ? CLOCK_MONOTONIC : CLOCK_PROCESS_CPUTIME_ID
        var count = 0
        let begin = Self.now(clock)
        var end = begin
        repeat {
            run()
            count += 1
            end = Self.now(clock)
        } while end - begin < Double(milliseconds) * 1e6
        return (end - begin) / Double(count)
    }

    private static func now(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
    }
}

/// The measurements that are taken of a contract.
final class MachineBench {
    struct Measurement {
        let name: String
        let isWall: Bool
        let run: () -> Void
    }

    let count: Int
    private(set) var measurements: [Measurement] = []
    /// How often a measurement decides the lines in one run.
    private(set) var repeats: [String: Int] = [:]
    private let program: CheckedProgram
    private let action: Int
    private let lines: [[UInt8]]

    /// The measurements of some names, or all; none takes memory that is not wanted.
    init(_ program: CheckedProgram, action: Int, bytes: [UInt8], rows: BatchRows, only: [String]) throws {
        self.program = program
        self.action = action
        lines = bytes.split(separator: 0x0A).map(Array.init)
        count = lines.count
        let executable = ExecutableProgram(program)
        func wants(_ name: String) -> Bool { only.isEmpty || only.contains(name) }
        func add(_ name: String, isWall: Bool = false, _ run: @escaping () -> Void) {
            measurements.append(Measurement(name: name, isWall: isWall, run: run))
        }
        if wants("resident") {
            let resident = try kept(evaluator(executable, rows))
            add("resident") { _ = resident.decideKept() }
        }
        if wants("unmetered") {
            let unmetered = try kept(evaluator(ExecutableProgram(program, metering: false), rows))
            add("unmetered") { _ = unmetered.decideKept() }
        }
        if wants("recorded") || wants("told") {
            let traced = try kept(evaluator(executable, rows, tracing: true))
            if wants("recorded") { add("recorded") { _ = traced.decideKept() } }
            if wants("told") { add("told") { _ = traced.tellKept() } }
        }
        if wants("json") {
            let json = try evaluator(executable, rows)
            let lines = lines
            add("json") {
                for line in lines { line.withUnsafeBufferPointer { json.decide($0, number: 1) } }
                _ = json.takeOutput()
            }
        }
        for jobs in [1, 2] where wants("batch-\(jobs)") {
            let evaluators = try (0..<jobs).map { _ in try evaluator(executable, rows) }
            // Enough lines that every core gets its share several times.
            let many = Array(repeatElement(bytes, count: max(1, (8 << 20) / max(1, bytes.count))).joined())
            repeats["batch-\(jobs)"] = many.count / max(1, bytes.count)
            add("batch-\(jobs)", isWall: true) { BatchLines(evaluators: evaluators).run(many) { _ in } }
        }
    }

    private func evaluator(
        _ executable: ExecutableProgram, _ rows: BatchRows, tracing: Bool = false
    ) throws -> BatchEvaluator {
        let home = Party(.organisation, "home")
        let context = BatchContext(
            actor: Party(.person, "anybody"), organisation: home, home: home, now: try Clocks.chosen().now)
        do throws(BatchProblem) {
            return try BatchEvaluator(executable, action: action, context: context, rows: rows, tracing: tracing)
        } catch {
            throw CommandFailure.refused(error.text)
        }
    }

    /// An evaluator that keeps the arguments of all lines in the machine's own words.
    private func kept(_ evaluator: BatchEvaluator) throws -> BatchEvaluator {
        for line in lines {
            guard line.withUnsafeBufferPointer({ evaluator.keep($0) }) else {
                throw CommandFailure.refused("a line cannot be read")
            }
        }
        return evaluator
    }
}
