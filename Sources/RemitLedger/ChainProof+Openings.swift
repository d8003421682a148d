import RemitValues

extension ChainProof {
    /// The openings of a proof as the format orders them: strictly ascending by the bytes of their paths.
    static func inOrder(_ openings: [PrivateOpening]) -> [PrivateOpening] {
        var sorted: [(path: [UInt8], opening: PrivateOpening)] = []
        for pair in openings.map({ (path: $0.path.encoded, opening: $0) })
            .sorted(by: { $0.path.lexicographicallyPrecedes($1.path) }) where sorted.last?.path != pair.path
        {
            sorted.append(pair)
        }
        return sorted.map(\.opening)
    }

    /// Reads field 17: openings, strictly ascending by the bytes of their paths.
    static func openings(_ items: [CBOR]) throws(LedgerFault) -> [PrivateOpening] {
        var openings: [PrivateOpening] = []
        var last: [UInt8]?
        for item in items {
            let opening = try PrivateOpening(cbor: item)
            let path = opening.path.encoded
            if let last, !last.lexicographicallyPrecedes(path) {
                throw .structure("proof", field: 17, mistake: "has openings out of order or repeated")
            }
            last = path
            openings.append(opening)
        }
        return openings
    }
}

extension ProvenFacts {
    /// The places of commitments in what was proved, in the order of the format.
    var places: [PrivatePlace] {
        if let receipt {
            return PrivatePlace.places(in: transaction?.body.arguments ?? [])
                + receipt.changes.flatMap { change in
                    change.value.map { PrivatePlace.places(in: change.key, value: $0) } ?? []
                }
        }
        switch claim {
        case .present(let key, let value)?: return PrivatePlace.places(in: key, value: value)
        case .all(let space, let rows)?, .matching(let space, _, let rows, _)?:
            return rows.flatMap {
                PrivatePlace.places(in: StateKey(space: space, item: $0.item), value: $0.value)
            }
        case .absent?, nil: return []
        }
    }

    /// Holds each opening to a commitment that stands at its place, and keeps what was and was not disclosed.
    mutating func take(_ openings: [PrivateOpening]) throws(ProofFault) {
        let places = places
        var standing: [Digest: [PrivatePlace]] = [:]
        for place in places { standing[place.commitment, default: []].append(place) }
        var opened: Set<Digest> = []
        for opening in openings {
            let commitment = opening.commitment
            guard standing[commitment]?.contains(where: { $0.isMeant(by: opening.path) }) ?? false else {
                throw ProofFault(.opening, opening.path.words)
            }
            opened.insert(commitment)
        }
        disclosed = openings
        undisclosed = places.filter { !opened.contains($0.commitment) }
    }
}
