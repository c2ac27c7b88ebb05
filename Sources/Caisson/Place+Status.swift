public import RootFS
public import TrustAnchors
public import TrustStores

/// The trust of one place: what was added beside the distribution's own, where it is, and what doesn't agree.
public struct PlaceStatus: Sendable {
    /// A certificate that the distribution doesn't ship.
    public struct Added: Sendable {
        public let certificate: [UInt8]
        public let fingerprint: Fingerprint
        /// Where it is, with the store's name.
        public let locations: [(store: String, location: StoreSurvey.Location)]
        /// The run by which Caisson put it here; nil if somebody else did.
        public let run: String?
    }

    public let place: String
    public let surveys: [StoreSurvey]
    /// Sorted by fingerprint.
    public let added: [Added]
    public let drift: [Diagnostic]
    /// Runs that were cut off; the next change rolls them back.
    public let interrupted: [Record]
}

extension Place {
    /// What is trusted here; needs no lock and changes nothing.
    public func status(using stores: [any TrustStore]) async throws(CaissonError) -> PlaceStatus {
        let records = try await records()
        let snapshot = try await capture(for: stores)
        var surveys: [StoreSurvey] = []
        for store in stores {
            do throws(PlanError) {
                if let survey = try store.survey(snapshot) { surveys.append(survey) }
            } catch {
                throw CaissonError(error, in: name)
            }
        }
        return PlaceStatus(place: name, surveys: surveys, records: records)
    }
}

extension PlaceStatus {
    init(place: String, surveys: [StoreSurvey], records: [Record]) {
        self.place = place
        self.surveys = Self.withoutRepetition(surveys)
        let locations = self.surveys.flatMap { survey in survey.locations.map { (store: survey.store, location: $0) } }
        let packaged = Set(locations.filter { $0.location.role == .packaged }.flatMap(\.location.fingerprints))
        // Where nothing tells what the distribution ships, only what has a source or a record is known to be added.
        let recorded = Self.anchors(of: records)
        var holders: [Fingerprint: (der: [UInt8], at: [(store: String, location: StoreSurvey.Location)])] = [:]
        for holder in locations where holder.location.role != .packaged {
            for (der, fingerprint) in zip(holder.location.certificates, holder.location.fingerprints)
            where !packaged.contains(fingerprint) {
                holders[fingerprint, default: (der, [])].at.append(holder)
            }
        }
        added = holders.compactMap { fingerprint, holder in
            let run = recorded[fingerprint.hex]
            let hasSource = holder.at.contains { $0.location.role == .source }
            guard !packaged.isEmpty || hasSource || run != nil else { return nil }
            return Added(certificate: holder.der, fingerprint: fingerprint, locations: holder.at, run: run)
        }.sorted { $0.fingerprint < $1.fingerprint }
        var drift: [Diagnostic] = []
        for diagnostic in surveys.flatMap(\.drift) where !drift.contains(diagnostic) { drift.append(diagnostic) }
        self.drift = drift
        interrupted = records.filter { $0.state == .pending }
    }

    /// Two stores may know one location; the first that names it keeps it. A directory may well be both a source and
    /// what clients read.
    private static func withoutRepetition(_ surveys: [StoreSurvey]) -> [StoreSurvey] {
        var seen: [StoreSurvey.Location.Role: Set<RootPath>] = [:]
        return surveys.compactMap { survey in
            let locations = survey.locations.filter { seen[$0.role, default: []].insert($0.path).inserted }
            guard !locations.isEmpty || !survey.drift.isEmpty else { return nil }
            return StoreSurvey(store: survey.store, locations: locations, drift: survey.drift)
        }
    }

    /// The latest run that trusted each anchor and still stands, by fingerprint.
    private static func anchors(of records: [Record]) -> [String: String] {
        var runs: [String: String] = [:]
        for record in records where record.state == .done {
            for anchor in record.run.anchors {
                runs[anchor.fingerprint] = record.run.command == .trust ? record.run.id : nil
            }
        }
        return runs
    }
}
