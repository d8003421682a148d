/// What stood in a field of a case before the code of a transition ran.
struct GivenField {
    /// Where the value of a field comes from.
    enum Origin: Equatable {
        /// The code starts it or leaves it out.
        case code
        /// The case as it was before.
        case before
        /// An argument (index) of the request.
        case argument(Int)
    }

    var word: Int64 = 0
    var origin: Origin = .code
}
