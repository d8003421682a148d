/// Owns the memory of one register machine; transitions run in it one after another.
final class MachineMemory {
    let code: Code
    let state: MachinePointer
    private let instructions: UnsafeMutablePointer<Instruction>

    /// Memory for code; with `isRecording` for code that leaves a trail.
    init(code: Code, isRecording: Bool = false) {
        self.code = code
        instructions = .allocate(capacity: code.instructions.count)
        instructions.initialize(from: code.instructions, count: code.instructions.count)
        state = .allocate(capacity: 1)
        state.initialize(
            to: MachineState(
                code: code, groups: max(1, code.groupCount), instructions: instructions, isRecording: isRecording))
    }

    deinit {
        state.pointee.free()
        state.deinitialize(count: 1)
        state.deallocate()
        instructions.deallocate()
    }
}
