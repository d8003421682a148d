#ifndef REMIT_CSQLITE_SHIM_H
#define REMIT_CSQLITE_SHIM_H

#include <sqlite3.h>

// Swift sees neither the destructor constants, which are casts, nor the variadic functions of SQLite.

/// Binds bytes that stay where they are until the binding is cleared. No bytes are an empty blob, not NULL.
static inline int remit_sqlite_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, sqlite3_uint64 count) {
    return sqlite3_bind_blob64(statement, index, bytes != 0 ? bytes : "", count, SQLITE_STATIC);
}

/// Binds UTF-8 that stays where it is until the binding is cleared. No bytes are the empty text, not NULL.
static inline int remit_sqlite_bind_text(sqlite3_stmt *statement, int index, const void *bytes, sqlite3_uint64 count) {
    return sqlite3_bind_text64(
        statement, index, bytes != 0 ? (const char *)bytes : "", count, SQLITE_STATIC, SQLITE_UTF8);
}

/// Sets one of the switches of a connection (SQLITE_DBCONFIG_…) that take an int and give back an int.
static inline int remit_sqlite_configure(sqlite3 *connection, int option, int value) {
    int now = 0;
    return sqlite3_db_config(connection, option, value, &now);
}

/// Leaves out SQLite's statistics of memory, each of which takes a lock of the whole process; to be called before
/// SQLite is used, and without effect afterwards.
static inline int remit_sqlite_count_no_memory(void) {
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

#endif
