import Testing

@testable import RemitStore

@Suite("Power loss")
struct PowerLossTests {
    /// The usual number of states takes some seconds; `REMIT_CRASH_STATES` asks for more, `REMIT_CRASH_SEED` for other
    /// ones.
    @Test("no acknowledged block is lost, and nothing is read that was never written")
    func everyPoint() throws {
        let wanted = Environment.number("REMIT_CRASH_STATES", otherwise: 3000)
        let firstSeed = UInt64(Environment.number("REMIT_CRASH_SEED", otherwise: 1))
        var total = PowerLoss.Tally()
        var seed = firstSeed
        while total.states < wanted {
            let run = try PowerLoss(blocks: 30, seed: seed)
            #expect(run.points > 200)
            let tally = try run.suffer(mixtures: 3, atMost: wanted - total.states)
            total.states += tally.states
            total.sound += tally.sound
            #expect(tally.lost == 0 && tally.refused == 0 && tally.undetected == 0, "\(tally)")
            seed += 1
        }
        #expect(total.sound == total.states)
        print("power loss: seeds \(firstSeed) to \(seed - 1), \(total.states) states, \(total.sound) sound")
    }

    /// The judgement can fail: on a disk that ignores syncs, blocks get lost, and what is damaged is still refused.
    @Test("a disk that lies about syncs loses blocks, and damage is still detected")
    func lyingDisk() throws {
        let tally = try PowerLoss(blocks: 12, seed: 7).suffer(mixtures: 3, ignoringSyncs: true)
        #expect(tally.lost > 0)
        #expect(tally.refused > 0)
        #expect(tally.undetected == 0, "\(tally)")
    }
}
