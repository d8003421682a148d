import Glibc

/// Ctrl-C in long work: noticed between blocks, so that what was begun is finished.
enum Interruption {
    // Written by a signal handler alone, which may do nothing else.
    nonisolated(unsafe) private static var count: sig_atomic_t = 0

    /// From now on the first Ctrl-C (or a request to end) is noticed; a second one ends the process at once.
    static func watch() {
        for number in [SIGINT, SIGTERM] {
            signal(number) { received in
                Interruption.count = 1
                signal(received, SIG_DFL)
            }
        }
    }

    /// Whether somebody asked to stop.
    static var isRequested: Bool { count != 0 }
}
