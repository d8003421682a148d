import Foundation
import Testing

/// What falls due while nobody sends anything, as the commands have it.
@Suite struct TickTests {
    private static let contract = """
        contract Waits version 1
          title    "Waits"
          timezone +08:00
        role Clerk
        case { day : Date  hits : Integer starts 0 }
        state open
        final state late, done
        action begin opens open by Clerk enters day { become open }
        action finish in open by Clerk { become done }
        after 1 day past day in open {
          require hits > 5 else "LATE" "Too few hits: {hits}"
          become late
        }
        after 3 days past day in open { become late }
        """

    private func session() throws -> Session {
        let session = try Session(program: Program.path, files: ScriptTests.folder.appendingPathComponent("none"))
        try Self.contract.write(
            to: session.place.appendingPathComponent("waits.remit"), atomically: true, encoding: .utf8)
        let said = try session.run(
            """
            set -e
            remit init --organisation hospital --administrator ann --unsafe-demo-keys --quiet
            remit deploy waits.remit --quiet
            remit key new ma --unsafe-demo-key --quiet
            remit person add ma --key ma --quiet
            remit grant ma Clerk --quiet
            """)
        #expect(said.filter { $0.hasPrefix("=") } == [], "\(said)")
        return session
    }

    /// "A block runs what has fallen due before its transactions, by due time, case, order of writing, with `now` the
    /// due time; the node makes a block if none is coming."
    @Test func aNodeThatWatchesMakesABlockWhereNoneIsComing() throws {
        let session = try session()
        // The day is long past when it is entered, so that both deadlines are due from then on.
        #expect(
            try session.run("remit submit Waits begin day=2026-05-01 --as ma --quiet") == ["> Waits/1 is open"])
        // Whoever runs the tests may keep signals from the program, so that it is ended by the one that nobody can.
        let seen = try session.run(
            """
            remit tick --watch --every 1 > watched.txt 2>&1 & watching=$!
            n=0; until grep -q 'deadline done' watched.txt; do
                n=$((n + 1)); test $n -lt 600 || break; sleep 0.1
            done
            kill -KILL $watching; wait $watching 2> /dev/null; remit cases Waits | sed -n '$p'
            """)
        #expect(seen.last?.hasPrefix("> Waits/1  late") ?? false, "\(seen)")
        let watched = try session.run("grep -v -e watching -e stopped -e warning -e hint watched.txt")
        #expect(
            watched == [
                "> block 5, because of what fell due:", "> Waits/1: deadline stalled: LATE: Too few hits: 0",
                "> Waits/1: deadline done",
            ])
        #expect(try session.run("remit verify --replay --quiet").first?.contains("sound: 6 blocks") ?? false)
    }

    /// "A deadline that faults commits nothing, is recorded as *stalled* and shown, and is not retried unasked."
    @Test func whatHasStalledIsShown() throws {
        let session = try session()
        // One day after the 30th is over; three days are not.
        _ = try session.run("remit submit Waits begin day=2026-05-30 --as ma --quiet")
        #expect(
            try session.run("remit tick --quiet") == ["> Waits/1: deadline stalled: LATE: Too few hits: 0"])
        let shown = try session.run("remit show Waits/1 --quiet")
        #expect(shown.contains("> stalled: the deadline in open: Too few hits: 0"), "\(shown)")
        #expect(shown.contains { $0.contains("deadline in open  stalled  by itself") }, "\(shown)")
        let json = try session.run("remit show Waits/1 --json --quiet")
        #expect(
            json.first?.contains(#""stalled":["the deadline in open: Too few hits: 0"]"#) ?? false, "\(json)")
        #expect(try session.run("remit cases Waits | sed -n '$p'").first?.hasPrefix("> Waits/1  open") ?? false)
        // Nothing tries it again: only the other deadline acts when its time comes, and takes the case away from it.
        #expect(try session.run("REMIT_CLOCK=2026-06-02T00:00:00Z remit tick --quiet") == ["> nothing has fallen due"])
        #expect(
            try session.run("REMIT_CLOCK=2026-06-03T00:00:00Z remit tick --quiet") == ["> Waits/1: deadline done"])
        #expect(try session.run("remit show Waits/1 --quiet | grep -c '^stalled:'") == ["> 0", "= 1"])
    }

    /// A call that is turned away only since its case is behind is not used up, nor what its key signed after it.
    @Test func whatActsOnACaseThatIsBehindStaysInTheInbox() throws {
        let session = try session()
        let contract = """
            contract Rings version 1
              title    "Rings"
              timezone +00:00
            role Clerk
            case { day : Date  rings : Integer starts 0 }
            state waiting, ringing
            final state done
            action begin opens waiting by Clerk enters day { become waiting }
            action finish in ringing by Clerk { become done }
            after 1 day past day in waiting { become ringing }
            after 1 hour in ringing { add 1 to rings become ringing }
            """
        try contract.write(
            to: session.place.appendingPathComponent("rings.remit"), atomically: true, encoding: .utf8)
        // A year and three months are more hours than a hundred blocks run, after which the inbox is looked at.
        let said = try session.run(
            """
            remit deploy rings.remit --quiet
            remit submit Rings begin day=2025-03-01 --as ma --quiet
            mkdir inbox
            remit submit Rings finish --on Rings/1 --as ma --sign-only --out inbox/a.signed --quiet
            remit submit Rings begin day=2026-05-31 --as ma --sign-only --sequence 3 --out inbox/b.signed --quiet
            remit tick --watch --inbox inbox --every 1 > watched.txt 2>&1 & watching=$!
            n=0; until test -e inbox/b.signed.sent; do
                n=$((n + 1)); test $n -lt 3000 || break; sleep 0.1
            done
            kill -KILL $watching; wait $watching 2> /dev/null
            ls inbox
            grep -e inbox -e 'Rings/2' -e ' is done' -e 'in no block' watched.txt |
                sed 's/^[0-9a-f]\\{12\\}/…/'
            remit show Rings/1 --quiet | grep rings
            """)
        #expect(
            said.suffix(11) == [
                "> a.signed.answer", "> a.signed.sent", "> b.signed.answer", "> b.signed.sent",
                "> … is in no block: the case that it names has deadlines which are not caught up: more fell due than "
                    + "one block runs",
                "> inbox/a.signed stays, and is sent again when more has been caught up",
                "> … is in no block: a sequence number of the key was left out",
                "> inbox/b.signed stays, and is sent again when more has been caught up",
                "> … is in block 116: Rings/1 is done", "> … is in block 116: Rings/2 is waiting",
                ">   rings  10920",
            ], "\(said)")
    }
}
