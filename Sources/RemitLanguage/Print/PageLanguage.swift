/// The language in which a contract is told to the people who sign it.
public enum PageLanguage: String, CaseIterable, Sendable {
    case english = "en"
    case chinese = "zh"

    /// The tag of BCP 47 that a page carries.
    var tag: String {
        switch self {
        case .english: "en"
        case .chinese: "zh-Hans"
        }
    }
}

/// The form in which a page is written.
public enum PageFormat: String, CaseIterable, Sendable {
    case markdown, html
}
