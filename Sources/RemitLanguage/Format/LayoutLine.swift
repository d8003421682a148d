/// A line of the layout in the making.
struct LayoutLine {
    /// Where a line begins.
    enum Indent: Equatable {
        /// Behind so many blanks.
        case fixed(Int)
        /// Under what follows the bracket with this token index.
        case behind(bracket: Int)
    }

    /// What a line is in the structure of the text.
    enum Role {
        /// Begins a declaration, an item, a clause or a line of the head.
        case starter
        /// Goes on with the line before.
        case continuation
        /// Closes a block.
        case closer
        /// Holds nothing but a comment.
        case comment
    }

    var indent: Indent
    var role: Role
    /// The tokens with the blanks before each; those of the first are left to `indent`.
    var tokens: [(index: Int, gap: Int)] = []
    /// The comment at the end of the line, or the line's only content.
    var comment: String?
    /// The blanks before the comment.
    var commentGap = 2
    var isAfterBlank = false
    /// Whether it begins a declaration or the contract's head.
    var beginsDeclaration = false
    /// The block that the line stands in; blocks are numbered as they open.
    var block = 0
    var opensBlock = false

    init(_ indent: Indent, _ role: Role) {
        self.indent = indent
        self.role = role
    }
}
