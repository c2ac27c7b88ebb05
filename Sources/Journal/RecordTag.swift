/// The bytes that tell cases apart in a record's file.
enum RecordTag {
    static let trust: UInt8 = 1
    static let distrust: UInt8 = 2
    static let undo: UInt8 = 3

    static let absent: UInt8 = 0
    static let file: UInt8 = 1
    static let symlink: UInt8 = 2
    static let directory: UInt8 = 3
}
