/// One instruction of the register machine: eight bytes.
///
/// `a` is as a rule the register written, `b` and `c` are registers read; `d` is a small operand. A place in the code
/// or a number of steps takes the 32 bits of `b` and `c`.
struct Instruction: Hashable, Sendable {
    var operation: Operation
    var d: UInt8 = 0
    var a: UInt16 = 0
    var b: UInt16 = 0
    var c: UInt16 = 0

    /// An instruction whose `b` and `c` hold one number.
    init(_ operation: Operation, d: UInt8 = 0, a: UInt16 = 0, number: Int32) {
        self.operation = operation
        self.d = d
        self.a = a
        b = UInt16(truncatingIfNeeded: number)
        c = UInt16(truncatingIfNeeded: number >> 16)
    }

    init(_ operation: Operation, d: UInt8 = 0, _ a: UInt16 = 0, _ b: UInt16 = 0, _ c: UInt16 = 0) {
        self.operation = operation
        self.d = d
        self.a = a
        self.b = b
        self.c = c
    }

    /// The number in `b` and `c`.
    @inline(__always)
    var number: Int { Int(Int32(truncatingIfNeeded: UInt32(b) | UInt32(c) << 16)) }

    /// The signed distance in `c`, from the instruction that follows.
    @inline(__always)
    var distance: Int { Int(Int16(bitPattern: c)) }
}

/// An instruction where it stands in the code, so that each of its parts is read only where it is needed.
typealias InstructionPointer = UnsafePointer<Instruction>

extension InstructionPointer {
    @inline(__always)
    var operation: Operation { pointee.operation }
    @inline(__always)
    var a: Int { Int(pointee.a) }
    @inline(__always)
    var b: Int { Int(pointee.b) }
    @inline(__always)
    var c: Int { Int(pointee.c) }
    @inline(__always)
    var d: UInt8 { pointee.d }
    @inline(__always)
    var number: Int { pointee.number }
    @inline(__always)
    var distance: Int { pointee.distance }
}

/// How quotient and rounding pack their `d`: bits 0 and 1 the mode, 2 to 6 the places, 7 whether money results.
enum RoundingCode {
    static func pack(mode: UInt8, places: Int, isMoney: Bool) -> UInt8 {
        mode | UInt8(truncatingIfNeeded: places) << 2 | (isMoney ? 0x80 : 0)
    }

    static func places(_ d: UInt8) -> Int { Int(d >> 2 & 31) }
    static func isMoney(_ d: UInt8) -> Bool { d & 0x80 != 0 }
}
