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

    @Option(help: "How often each measurement is taken; the rounds are interleaved.")
    var rounds = 5

    @Option(help: "The least time of one measurement, in milliseconds.")
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
        for argument in register { try BatchActions.load(argument, program, into: &rows) }
        let bench = try MachineBench(program, action: action, bytes: bytes, rows: rows)
        var times: [String: [Double]] = [:]
        let chosen = bench.measurements.filter { only.isEmpty || only.contains($0.name) }
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

    init(_ program: CheckedProgram, action: Int, bytes: [UInt8], rows: BatchRows) throws {
        let lines = bytes.split(separator: 0x0A).map(Array.init)
        count = lines.count
        let context = BatchContext(
            actor: Party(.person, "anybody"), organisation: Party(.organisation, "home"),
            home: Party(.organisation, "home"), now: try Clocks.chosen().now)
        let executable = ExecutableProgram(program)
        func evaluator(_ executable: ExecutableProgram, tracing: Bool = false) throws -> BatchEvaluator {
            do throws(BatchProblem) {
                return try BatchEvaluator(
                    executable, action: action, context: context, rows: rows, tracing: tracing)
            } catch {
                throw CommandFailure.refused(error.text)
            }
        }
        let resident = try evaluator(executable)
        let unmetered = try evaluator(ExecutableProgram(program, metering: false))
        let traced = try evaluator(executable, tracing: true)
        for line in lines {
            guard line.withUnsafeBufferPointer({ resident.keep($0) && unmetered.keep($0) && traced.keep($0) }) else {
                throw CommandFailure.refused("a line cannot be read")
            }
        }
        let json = try evaluator(executable)
        measurements = [
            Measurement(name: "resident", isWall: false) { _ = resident.decideKept() },
            Measurement(name: "unmetered", isWall: false) { _ = unmetered.decideKept() },
            Measurement(name: "recorded", isWall: false) { _ = traced.decideKept() },
            Measurement(name: "told", isWall: false) { _ = traced.tellKept() },
            Measurement(name: "json", isWall: false) {
                for line in lines { line.withUnsafeBufferPointer { json.decide($0, number: 1) } }
                _ = json.takeOutput()
            },
        ]
        for jobs in [1, 2] {
            let evaluators = try (0..<jobs).map { _ in try evaluator(executable) }
            // Enough lines that every core gets its share several times.
            let many = Array(repeatElement(bytes, count: max(1, (8 << 20) / max(1, bytes.count))).joined())
            let times = many.count / max(1, bytes.count)
            measurements.append(
                Measurement(name: "batch-\(jobs)", isWall: true) {
                    BatchLines(evaluators: evaluators).run(many) { _ in }
                })
            repeats["batch-\(jobs)"] = times
        }
    }

    private(set) var repeats: [String: Int] = [:]
}
