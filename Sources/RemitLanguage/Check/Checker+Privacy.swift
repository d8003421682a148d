import RemitValues

/// Where private values would come into the open; what has a mistake of its own is left out.
///
/// What is computed from a private value is private; only `reveal` ends that. Which way a rule goes on a condition is
/// seen by everybody, and meant to be: a finding or a refusal says one thing and no more.
extension Checker {
    mutating func checkPrivacy() {
        var flow = PrivacyFlow(program)
        flow.run()
        for leak in flow.leaks {
            report(
                .privateFlow, "\(leak.source) is private, and would be \(leak.sink)", at: leak.span,
                "in the open from here on", help: leak.help)
        }
    }
}
