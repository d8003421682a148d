#ifndef REMIT_FAULTY_FILES_H
#define REMIT_FAULTY_FILES_H

#include <stdint.h>

// A layer between SQLite and the system's files, for tests.
//
// For the files of one watched folder it can do two things: record every change and sync, so that the files can be
// built as a loss of power at any point might leave them; and let chosen calls fail. All other files pass untouched.
// There is one record and one plan of failures in a process: a test takes its turn first.

/// The name under which SQLite knows the layer.
extern const char *const remit_files_name;

/// Registers the layer; with `is_default`, databases opened without a name go through it too. Gives a SQLite code.
int remit_files_register(int is_default);

/// Waits until no other test uses the layer.
void remit_files_take_turn(void);

/// Forgets the record, lets nothing fail any more, and lets the next test begin.
void remit_files_end_turn(void);

// MARK: Power loss

/// Starts to record the changes of databases and logs in a folder; what they hold when first opened counts as durable.
void remit_files_watch(const char *folder);

/// Stops recording and keeps what was recorded.
void remit_files_unwatch(void);

/// Notes that everything up to `number` was acknowledged.
void remit_files_acknowledge(int64_t number);

/// How many changes, syncs and acknowledgements were recorded.
int64_t remit_files_points(void);

/// Goes back to the beginning of the record. With `ignoring_syncs` the disk of the simulation lies: no sync counts.
void remit_files_rewind(int ignoring_syncs);

/// Goes forward until `point` entries of the record have happened; gives the last number acknowledged, or -1.
int64_t remit_files_advance(int64_t point);

/// What becomes of the changes that no sync had made durable.
typedef enum {
    REMIT_FILES_LOST = 0,
    REMIT_FILES_KEPT = 1,
    /// Each is lost, kept, or torn by sectors of 512 bytes that are old, new or noise, as the seed says.
    REMIT_FILES_MIXED = 2,
} remit_files_fate;

/// Writes the files into another folder as a loss of power at the present point might leave them; 0, or an errno.
int remit_files_build(const char *folder, remit_files_fate fate, uint64_t seed);

/// Forgets the record.
void remit_files_forget(void);

// MARK: Failing calls

/// Kinds of calls, to be combined.
typedef enum {
    REMIT_FILES_READ = 1,
    REMIT_FILES_WRITE = 2,
    REMIT_FILES_TRUNCATE = 4,
    REMIT_FILES_SYNC = 8,
    REMIT_FILES_SIZE = 16,
    REMIT_FILES_OPEN = 32,
    REMIT_FILES_DELETE = 64,
    REMIT_FILES_SHARE = 128,
    REMIT_FILES_ANY_CALL = 255,
} remit_files_calls;

/// Kinds of files, to be combined.
typedef enum {
    REMIT_FILES_DATABASE = 1,
    REMIT_FILES_LOG = 2,
    REMIT_FILES_ANY_FILE = 3,
} remit_files_kinds;

/// How a call fails.
typedef enum {
    /// The device reports an error.
    REMIT_FILES_IO_ERROR = 1,
    /// No room is left: writes fail, and other calls report an error of the device.
    REMIT_FILES_DISK_FULL = 2,
    /// Half of what was asked for is read or written.
    REMIT_FILES_SHORT = 3,
} remit_files_fault;

/// Lets calls on the files of a folder fail: the one that is number `first`, from 0, among those chosen, and with
/// `is_lasting` all that follow it.
void remit_files_fail(
    const char *folder, remit_files_fault fault, int calls, int kinds, int64_t first, int is_lasting);

/// Lets no call fail any more; gives how many calls were counted.
int64_t remit_files_heal(void);

/// How many calls have failed since `remit_files_fail`.
int64_t remit_files_failures(void);

#endif
