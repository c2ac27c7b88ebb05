internal import Caisson
internal import LocalDisk
internal import RootFS
internal import SystemPackage

/// The files of an open state directory.
struct RecordFiles: Sendable {
    let directory: Directory
    let disk: Disk

    /// More than a record can hold of files that a place reads.
    private static let sizeLimit = 2 * 1024 * 1024 * 1024

    /// The records in it, by run; other files are nobody's business.
    func names() throws(CaissonError) -> [RecordName] {
        do throws(Errno) {
            return try directory.names(limit: 1_000_000).compactMap { RecordName($0) }.sorted { $0.run < $1.run }
        } catch { throw CaissonError(error, subject, "cannot list the records") }
    }

    /// The record, or why what its file holds is none.
    func contents(of name: RecordName) throws(CaissonError) -> Result<StoredRecord, CorruptRecord> {
        let bytes: [UInt8]
        do throws(Errno) { bytes = try directory.open(name.bytes[...]).contents(limit: Self.sizeLimit) } catch {
            throw CaissonError(error, location(of: name), "cannot read the record")
        }
        return Result { () throws(CorruptRecord) in try StoredRecord(decoding: bytes) }
    }

    func read(_ name: RecordName) throws(CaissonError) -> StoredRecord {
        switch try contents(of: name) {
        case .success(let record): return record
        case .failure(let error): throw unreadable(name, error)
        }
    }

    /// The record without the contents of files, which aren't read.
    func table(_ name: RecordName) throws(CaissonError) -> RecordTable {
        let file: OpenFile
        var bytes: [UInt8]
        do throws(Errno) {
            file = try directory.open(name.bytes[...])
            bytes = try file.next(Self.usualTableSize)
        } catch { throw CaissonError(error, location(of: name), "cannot read the record") }
        do throws(CorruptRecord) {
            let missing = try RecordTable.end(in: bytes) - bytes.count
            if missing > 0, let rest = try? file.next(missing) { bytes += rest }
            return try RecordTable(decoding: bytes)
        } catch { throw unreadable(name, error) }
    }

    /// What one read gets of a table, mostly the whole.
    private static let usualTableSize = 16 * 1024

    private func unreadable(_ name: RecordName, _ fault: CorruptRecord) -> CaissonError {
        CaissonError(
            .inputOutput, location(of: name), "the record is unreadable: \(fault.reason)",
            hint: "move it away; the run that it is about can't be taken back any more")
    }

    /// When the run of a record was done: its file's time.
    func finished(_ name: RecordName) throws(CaissonError) -> Timestamp? {
        do throws(Errno) { return try directory.status(of: name.bytes[...])?.modified } catch {
            throw CaissonError(error, location(of: name), "cannot read the record")
        }
    }

    /// Writes a record that survives a power cut before this returns; its run may then begin to change things.
    ///
    /// It has its name before its bytes are durable: both are made so at once, and one that a power cut has left
    /// incomplete is known by its checksum.
    func begin(_ record: StoredRecord, _ name: RecordName) throws(CaissonError) {
        let (draft, pending) = (name.with(.new).bytes, name.with(.pending).bytes)
        do throws(Errno) {
            let file: OpenFile
            do throws(Errno) {
                file = try disk.createFile(draft, in: directory)
                try disk.write(record.encoded(), to: file)
                try disk.rename(draft, to: pending, in: directory, replacing: false)
            } catch {
                try? disk.removeFile(draft, in: directory)
                throw error
            }
            do throws(Errno) { try disk.synchronize([file, try directory.opened()]) } catch {
                try? disk.removeFile(pending, in: directory)
                throw error
            }
        } catch {
            throw CaissonError(error, location(of: name.with(.pending)), "cannot write the record")
        }
    }

    /// Gives a record that can't be read a name that no run looks for; that name.
    func setAside(_ name: RecordName) throws(Errno) -> String {
        let newName = name.bytes + Array(".unreadable".utf8)
        try disk.rename(name.bytes, to: newName, in: directory, replacing: true)
        return printable(directory.location + "/".utf8 + newName)
    }

    /// Notes, durably, that a run is done.
    ///
    /// - Returns: Whether that survives a power cut. If not, nothing but the power cut itself takes the run back.
    func finish(_ name: RecordName) throws(Errno) -> Bool {
        let pending = name.with(.pending).bytes
        try disk.touch(pending, in: directory)
        try disk.rename(pending, to: name.with(.done).bytes, in: directory, replacing: false)
        do throws(Errno) { try disk.synchronize(try directory.opened()) } catch {
            do throws(Errno) {
                try disk.rename(name.with(.done).bytes, to: pending, in: directory, replacing: false)
            } catch { return false }
            throw error
        }
        return true
    }

    func remove(_ name: RecordName) throws(Errno) {
        try disk.removeFile(name.bytes, in: directory)
        try disk.synchronize(try directory.opened())
    }

    func location(of name: RecordName) -> String { printable(directory.location + "/".utf8 + name.bytes) }
    private var subject: String { printable(directory.location) }
}
