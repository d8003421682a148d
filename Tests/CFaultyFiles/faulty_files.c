#include "faulty_files.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *const remit_files_name = "remit-faulty";

enum { most_files = 16, sector = 512 };

// MARK: Turns

static sem_t turn;
static pthread_once_t turn_is_ready = PTHREAD_ONCE_INIT;

static void make_turn(void) { sem_init(&turn, 0, 1); }

void remit_files_take_turn(void) {
    pthread_once(&turn_is_ready, make_turn);
    while (sem_wait(&turn) != 0) {
    }
}

void remit_files_end_turn(void) {
    remit_files_forget();
    remit_files_heal();
    sem_post(&turn);
}

// MARK: The record

typedef enum { wrote, cut, synced, removed, acknowledged } entry_kind;

typedef struct {
    entry_kind kind;
    int file;
    int64_t offset;  // the new size for `cut`, the number for `acknowledged`, whether it is durable for `removed`
    int64_t count;
    uint8_t *bytes;
} entry;

typedef struct {
    uint8_t *bytes;
    int64_t size;
    int64_t room;
    int exists;
} image;

typedef struct {
    char name[256];
    image at_start;
    image durable;
    int64_t next;  // the first entry that is not part of `durable`
} recorded_file;

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static char watched[1024];
static int is_recording;
static recorded_file files[most_files];
static int file_count;
static entry *entries;
static int64_t entry_count, entry_room;
static int64_t now;
static int64_t last_acknowledged;
static int syncs_are_ignored;

static void *need(void *pointer) {
    if (pointer == 0) {
        fputs("faulty files: out of memory\n", stderr);
        abort();
    }
    return pointer;
}

static void resize(image *file, int64_t size) {
    if (size > file->room) {
        int64_t room = size * 2 + 4096;
        file->bytes = need(realloc(file->bytes, (size_t)room));
        file->room = room;
    }
    if (size > file->size) {
        memset(file->bytes + file->size, 0, (size_t)(size - file->size));
    }
    file->size = size;
}

static void copy_image(image *to, const image *from) {
    to->size = 0;
    resize(to, from->size);
    if (from->size > 0) {
        memcpy(to->bytes, from->bytes, (size_t)from->size);
    }
    to->exists = from->exists;
}

static void put(image *file, int64_t offset, const uint8_t *bytes, int64_t count) {
    if (offset + count > file->size) {
        resize(file, offset + count);
    }
    memcpy(file->bytes + offset, bytes, (size_t)count);
    file->exists = 1;
}

static void apply(image *file, const entry *change) {
    switch (change->kind) {
    case wrote: put(file, change->offset, change->bytes, change->count); break;
    case cut:
        resize(file, change->offset);
        file->exists = 1;
        break;
    case removed:
        resize(file, 0);
        file->exists = 0;
        break;
    default: break;
    }
}

static const char *name_in(const char *folder, const char *path) {
    size_t length = strlen(folder);
    if (length == 0 || path == 0 || strncmp(path, folder, length) != 0 || path[length] != '/') {
        return 0;
    }
    return path + length + 1;
}

static int known_file(const char *name) {
    for (int index = 0; index < file_count; index++) {
        if (strcmp(files[index].name, name) == 0) {
            return index;
        }
    }
    return -1;
}

/// The place of a file in the record; on the first meeting its content is taken as durable.
static int meet(const char *path, const char *name) {
    int index = known_file(name);
    if (index >= 0) {
        return index;
    }
    if (file_count == most_files || strlen(name) >= sizeof files[0].name) {
        fputs("faulty files: too many files, or a name too long\n", stderr);
        abort();
    }
    recorded_file *file = &files[file_count];
    memset(file, 0, sizeof *file);
    strcpy(file->name, name);
    FILE *content = fopen(path, "rb");
    if (content != 0) {
        uint8_t buffer[4096];
        size_t count;
        while ((count = fread(buffer, 1, sizeof buffer, content)) > 0) {
            put(&file->at_start, file->at_start.size, buffer, (int64_t)count);
        }
        file->at_start.exists = 1;
        fclose(content);
    }
    return file_count++;
}

static entry *note(entry_kind kind, int file) {
    if (entry_count == entry_room) {
        entry_room = entry_room * 2 + 1024;
        entries = need(realloc(entries, (size_t)entry_room * sizeof(entry)));
    }
    entry *fresh = &entries[entry_count++];
    memset(fresh, 0, sizeof *fresh);
    fresh->kind = kind;
    fresh->file = file;
    return fresh;
}

void remit_files_forget(void) {
    pthread_mutex_lock(&guard);
    for (int64_t index = 0; index < entry_count; index++) {
        free(entries[index].bytes);
    }
    for (int index = 0; index < file_count; index++) {
        free(files[index].at_start.bytes);
        free(files[index].durable.bytes);
    }
    entry_count = 0;
    file_count = 0;
    now = 0;
    is_recording = 0;
    pthread_mutex_unlock(&guard);
}

void remit_files_watch(const char *folder) {
    remit_files_forget();
    pthread_mutex_lock(&guard);
    snprintf(watched, sizeof watched, "%s", folder);
    is_recording = 1;
    pthread_mutex_unlock(&guard);
}

void remit_files_unwatch(void) {
    pthread_mutex_lock(&guard);
    is_recording = 0;
    pthread_mutex_unlock(&guard);
}

void remit_files_acknowledge(int64_t number) {
    pthread_mutex_lock(&guard);
    if (is_recording) {
        note(acknowledged, -1)->offset = number;
    }
    pthread_mutex_unlock(&guard);
}

int64_t remit_files_points(void) { return entry_count; }

void remit_files_rewind(int ignoring_syncs) {
    now = 0;
    last_acknowledged = -1;
    syncs_are_ignored = ignoring_syncs;
    for (int index = 0; index < file_count; index++) {
        copy_image(&files[index].durable, &files[index].at_start);
        files[index].next = 0;
    }
}

/// Makes durable what was changed in a file before entry `end`.
static void settle(int index, int64_t end) {
    recorded_file *file = &files[index];
    for (int64_t place = file->next; place < end; place++) {
        if (entries[place].file == index) {
            apply(&file->durable, &entries[place]);
        }
    }
    file->next = end;
}

int64_t remit_files_advance(int64_t point) {
    for (; now < point && now < entry_count; now++) {
        const entry *next = &entries[now];
        if (next->kind == acknowledged) {
            last_acknowledged = next->offset;
        } else if (next->kind == synced && !syncs_are_ignored) {
            settle(next->file, now);
        } else if (next->kind == removed && next->offset != 0) {
            settle(next->file, now + 1);
        }
    }
    return last_acknowledged;
}

// MARK: Building the files after a loss of power

static uint64_t chance;

static uint64_t draw(void) {
    chance += 0x9e3779b97f4a7c15u;
    uint64_t mixed = chance;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
    return mixed ^ (mixed >> 31);
}

/// A write that was under way: each sector of it is the old one, the new one, or noise.
static void tear(image *file, const entry *change) {
    for (int64_t done = 0; done < change->count;) {
        int64_t place = change->offset + done;
        int64_t count = sector - place % sector;
        if (count > change->count - done) {
            count = change->count - done;
        }
        switch (draw() % 3) {
        case 0: break;
        case 1: put(file, place, change->bytes + done, count); break;
        default: {
            uint8_t noise[sector];
            for (int64_t index = 0; index < count; index++) {
                noise[index] = (uint8_t)draw();
            }
            put(file, place, noise, count);
        }
        }
        done += count;
    }
}

static void suffer(image *file, const entry *change, remit_files_fate fate) {
    uint64_t choice = fate == REMIT_FILES_MIXED ? draw() % 3 : (uint64_t)fate;
    if (choice == 0) {
        return;
    }
    if (choice == 2 && change->kind == wrote) {
        tear(file, change);
    } else {
        apply(file, change);
    }
}

static int write_file(const char *folder, const char *name, const image *file) {
    char path[2048];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (!file->exists) {
        return unlink(path) == 0 || errno == ENOENT ? 0 : errno;
    }
    FILE *out = fopen(path, "wb");
    if (out == 0) {
        return errno;
    }
    size_t written = file->size == 0 ? 0 : fwrite(file->bytes, 1, (size_t)file->size, out);
    int failed = written != (size_t)file->size;
    return fclose(out) != 0 || failed ? EIO : 0;
}

int remit_files_build(const char *folder, remit_files_fate fate, uint64_t seed) {
    static image built;
    chance = seed;
    for (int index = 0; index < file_count; index++) {
        recorded_file *file = &files[index];
        copy_image(&built, &file->durable);
        for (int64_t place = file->next; place < now; place++) {
            if (entries[place].file == index) {
                suffer(&built, &entries[place], fate);
            }
        }
        int problem = write_file(folder, file->name, &built);
        if (problem != 0) {
            return problem;
        }
    }
    return 0;
}

// MARK: Failing calls

static char failing[1024];
static remit_files_fault fault;
static int failing_calls, failing_kinds, is_lasting;
static int64_t first_failing, calls_counted, calls_failed;

void remit_files_fail(
    const char *folder, remit_files_fault chosen, int calls, int kinds, int64_t first, int lasting) {
    pthread_mutex_lock(&guard);
    snprintf(failing, sizeof failing, "%s", folder);
    fault = chosen;
    failing_calls = calls;
    failing_kinds = kinds;
    first_failing = first;
    is_lasting = lasting;
    calls_counted = 0;
    calls_failed = 0;
    pthread_mutex_unlock(&guard);
}

int64_t remit_files_heal(void) {
    pthread_mutex_lock(&guard);
    failing[0] = 0;
    int64_t counted = calls_counted;
    pthread_mutex_unlock(&guard);
    return counted;
}

int64_t remit_files_failures(void) { return calls_failed; }

static int kind_of(const char *name) {
    size_t length = name == 0 ? 0 : strlen(name);
    return length > 4 && strcmp(name + length - 4, "-wal") == 0 ? REMIT_FILES_LOG : REMIT_FILES_DATABASE;
}

/// Whether this call is to fail; 0, or the fault.
static int strikes(const char *path, remit_files_calls call) {
    int answer = 0;
    pthread_mutex_lock(&guard);
    const char *name = name_in(failing, path);
    if (name != 0 && (failing_calls & call) != 0 && (failing_kinds & kind_of(name)) != 0) {
        int64_t number = calls_counted++;
        if (number == first_failing || (is_lasting && number > first_failing)) {
            calls_failed++;
            answer = (int)fault;
        }
    }
    pthread_mutex_unlock(&guard);
    return answer;
}

// MARK: The layer

typedef struct {
    sqlite3_file base;
    const char *path;  // 0 for files that no test is about
    int recorded;      // the place in the record, or -1
    sqlite3_file *system;
} layered_file;

static sqlite3_vfs layer, *system_layer;

static layered_file *of(sqlite3_file *file) { return (layered_file *)file; }

static const sqlite3_io_methods *methods(sqlite3_file *file) { return of(file)->system->pMethods; }

static int close_file(sqlite3_file *file) {
    return methods(file) == 0 ? SQLITE_OK : methods(file)->xClose(of(file)->system);
}

static int read_file(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
    switch (strikes(of(file)->path, REMIT_FILES_READ)) {
    case 0: return methods(file)->xRead(of(file)->system, bytes, count, offset);
    case REMIT_FILES_SHORT: {
        int half = count / 2;
        int code = methods(file)->xRead(of(file)->system, bytes, half, offset);
        memset((char *)bytes + half, 0, (size_t)(count - half));
        return code == SQLITE_OK ? SQLITE_IOERR_SHORT_READ : code;
    }
    default: return SQLITE_IOERR_READ;
    }
}

static int write_through(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
    int code = methods(file)->xWrite(of(file)->system, bytes, count, offset);
    pthread_mutex_lock(&guard);
    if (code == SQLITE_OK && is_recording && of(file)->recorded >= 0 && count > 0) {
        entry *change = note(wrote, of(file)->recorded);
        change->offset = offset;
        change->count = count;
        change->bytes = need(malloc((size_t)count));
        memcpy(change->bytes, bytes, (size_t)count);
    }
    pthread_mutex_unlock(&guard);
    return code;
}

static int change_file(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
    switch (strikes(of(file)->path, REMIT_FILES_WRITE)) {
    case 0: return write_through(file, bytes, count, offset);
    case REMIT_FILES_DISK_FULL: return SQLITE_FULL;
    case REMIT_FILES_SHORT: {
        int code = write_through(file, bytes, count / 2, offset);
        return code == SQLITE_OK ? SQLITE_FULL : code;
    }
    default: return SQLITE_IOERR_WRITE;
    }
}

static int truncate_file(sqlite3_file *file, sqlite3_int64 size) {
    if (strikes(of(file)->path, REMIT_FILES_TRUNCATE)) {
        return SQLITE_IOERR_TRUNCATE;
    }
    int code = methods(file)->xTruncate(of(file)->system, size);
    pthread_mutex_lock(&guard);
    if (code == SQLITE_OK && is_recording && of(file)->recorded >= 0) {
        note(cut, of(file)->recorded)->offset = size;
    }
    pthread_mutex_unlock(&guard);
    return code;
}

static int sync_file(sqlite3_file *file, int flags) {
    if (strikes(of(file)->path, REMIT_FILES_SYNC)) {
        return SQLITE_IOERR_FSYNC;
    }
    int code = methods(file)->xSync(of(file)->system, flags);
    pthread_mutex_lock(&guard);
    if (code == SQLITE_OK && is_recording && of(file)->recorded >= 0) {
        note(synced, of(file)->recorded);
    }
    pthread_mutex_unlock(&guard);
    return code;
}

static int size_of_file(sqlite3_file *file, sqlite3_int64 *size) {
    return strikes(of(file)->path, REMIT_FILES_SIZE) ? SQLITE_IOERR_FSTAT
                                                     : methods(file)->xFileSize(of(file)->system, size);
}

static int lock_file(sqlite3_file *file, int level) { return methods(file)->xLock(of(file)->system, level); }

static int unlock_file(sqlite3_file *file, int level) { return methods(file)->xUnlock(of(file)->system, level); }

static int check_lock(sqlite3_file *file, int *answer) {
    return methods(file)->xCheckReservedLock(of(file)->system, answer);
}

static int control(sqlite3_file *file, int operation, void *argument) {
    return methods(file)->xFileControl(of(file)->system, operation, argument);
}

static int sector_size(sqlite3_file *file) { return methods(file)->xSectorSize(of(file)->system); }

static int device(sqlite3_file *file) { return methods(file)->xDeviceCharacteristics(of(file)->system); }

static int share(sqlite3_file *file, int page, int size, int extend, void volatile **memory) {
    return strikes(of(file)->path, REMIT_FILES_SHARE)
        ? SQLITE_IOERR_SHMMAP
        : methods(file)->xShmMap(of(file)->system, page, size, extend, memory);
}

static int lock_share(sqlite3_file *file, int offset, int count, int flags) {
    return methods(file)->xShmLock(of(file)->system, offset, count, flags);
}

static void share_barrier(sqlite3_file *file) { methods(file)->xShmBarrier(of(file)->system); }

static int unshare(sqlite3_file *file, int removes) {
    return methods(file)->xShmUnmap(of(file)->system, removes);
}

static const sqlite3_io_methods layer_methods = {
    .iVersion = 2,
    .xClose = close_file,
    .xRead = read_file,
    .xWrite = change_file,
    .xTruncate = truncate_file,
    .xSync = sync_file,
    .xFileSize = size_of_file,
    .xLock = lock_file,
    .xUnlock = unlock_file,
    .xCheckReservedLock = check_lock,
    .xFileControl = control,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = device,
    .xShmMap = share,
    .xShmLock = lock_share,
    .xShmBarrier = share_barrier,
    .xShmUnmap = unshare,
};

static int open_file(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *out_flags) {
    (void)vfs;
    layered_file *mine = of(file);
    memset(mine, 0, sizeof *mine);
    mine->recorded = -1;
    mine->system = (sqlite3_file *)(mine + 1);
    memset(mine->system, 0, (size_t)system_layer->szOsFile);
    if ((flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) != 0) {
        mine->path = path;
    }
    if (strikes(mine->path, REMIT_FILES_OPEN)) {
        return SQLITE_CANTOPEN;
    }
    pthread_mutex_lock(&guard);
    const char *name = is_recording ? name_in(watched, mine->path) : 0;
    if (name != 0) {
        mine->recorded = meet(mine->path, name);
    }
    pthread_mutex_unlock(&guard);
    int code = system_layer->xOpen(system_layer, path, mine->system, flags, out_flags);
    // A file that could not be opened but has methods must be closed all the same.
    mine->base.pMethods = mine->system->pMethods == 0 ? 0 : &layer_methods;
    return code;
}

static int delete_file(sqlite3_vfs *vfs, const char *path, int syncs_folder) {
    (void)vfs;
    if (strikes(path, REMIT_FILES_DELETE)) {
        return SQLITE_IOERR_DELETE;
    }
    int code = system_layer->xDelete(system_layer, path, syncs_folder);
    pthread_mutex_lock(&guard);
    const char *name = is_recording ? name_in(watched, path) : 0;
    int index = name == 0 ? -1 : known_file(name);
    if (code == SQLITE_OK && index >= 0) {
        note(removed, index)->offset = syncs_folder;
    }
    pthread_mutex_unlock(&guard);
    return code;
}

int remit_files_register(int is_default) {
    static pthread_mutex_t once = PTHREAD_MUTEX_INITIALIZER;
    static int was_default;
    pthread_mutex_lock(&once);
    was_default |= is_default;
    if (system_layer == 0) {
        system_layer = sqlite3_vfs_find("unix");
        layer = *system_layer;
        layer.zName = remit_files_name;
        layer.szOsFile = (int)sizeof(layered_file) + system_layer->szOsFile;
        layer.pNext = 0;
        layer.xOpen = open_file;
        layer.xDelete = delete_file;
    }
    int code = sqlite3_vfs_register(&layer, was_default);
    pthread_mutex_unlock(&once);
    return code;
}
