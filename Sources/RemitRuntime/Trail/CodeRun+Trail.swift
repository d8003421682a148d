import RemitLanguage
import RemitValues

extension CodeRun {
    /// Tells what stands in the trail and makes room for more.
    func readTrail() {
        reader?.take(machine)
        machine.pointee.trail.top = 0
    }

    /// Records what happens outside of the code; nothing where no trail is left.
    func record(_ site: Int64, _ first: Int64, _ second: Int64 = 0, _ third: Int64 = 0) {
        guard machine.pointee.trail.isRecording else { return }
        let count = TrailSite.Fixed.sites[Int(site)].count
        if !machine.pointee.trail.add(site, first, second, count: count) {
            readTrail()
            _ = machine.pointee.trail.add(site, first, second, count: count)
        }
        if count == 3 { machine.pointee.trail.base[machine.pointee.trail.top - 1] = third }
    }
}
