import Dispatch

/// Something that is worked out on another thread while this one goes on.
final class Ahead<Value: Sendable>: @unchecked Sendable {
    // Written before the signal and read after it.
    private var value: Value?
    private let done = DispatchSemaphore(value: 0)

    /// Begins with the work on a queue.
    init(on queue: DispatchQueue, _ work: @escaping @Sendable () -> Value) {
        queue.async {
            self.value = work()
            self.done.signal()
        }
    }

    /// What came of the work, once it is done; to be asked for once.
    func wait() -> Value {
        while true {
            done.wait()
            if let value { return value }
        }
    }
}
