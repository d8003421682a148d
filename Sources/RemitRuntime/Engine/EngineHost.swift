import RemitLanguage
import RemitValues

/// The evaluator that an engine works for: it keeps the steps, the values built and the account of the decision.
protocol EngineHost: AnyObject {
    /// Charges steps; throws where the budget is passed.
    func charge(_ steps: UInt64) throws(Stop)
    /// Takes an event into the account, where one is kept.
    func note(_ event: @autoclosure () -> Trace.Event, at span: Span)
}
