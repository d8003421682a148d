// Writes the rows of a ledger into a new file, in the same transactions and with the same durability, and prints the
// transactions a second: what a plain C program reaches that neither checks, executes nor hashes anything.
//
//   cc -O2 -o rows rows.c -lsqlite3 && ./rows LEDGER NEW-FILE
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { most_columns = 12, tables = 7 };

typedef struct {
    sqlite3_int64 height;
    sqlite3_value *columns[most_columns];
} row;

static struct {
    const char *name, *height;
    row *rows;
    long count, next;
    int columns;
    sqlite3_stmt *insert;
} table[tables] = {
    {"block", "height"},   {"tx", "height"},          {"decision", "height"}, {"finding", "height"},
    {"posting", "height"}, {"case_version", "since"}, {"state", "since"},
};

static sqlite3 *from, *to;

static void check(int code, sqlite3 *database) {
    if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW) {
        fprintf(stderr, "%s\n", sqlite3_errmsg(database));
        exit(1);
    }
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void load(int index) {
    char text[200];
    snprintf(text, sizeof text, "SELECT %s, * FROM %s ORDER BY 1", table[index].height, table[index].name);
    sqlite3_stmt *select;
    check(sqlite3_prepare_v2(from, text, -1, &select, 0), from);
    table[index].columns = sqlite3_column_count(select) - 1;
    long room = 0;
    while (sqlite3_step(select) == SQLITE_ROW) {
        if (table[index].count == room) {
            room = room * 2 + 1024;
            table[index].rows = realloc(table[index].rows, (size_t)room * sizeof(row));
        }
        row *fresh = &table[index].rows[table[index].count++];
        fresh->height = sqlite3_column_int64(select, 0);
        for (int column = 0; column < table[index].columns; column++) {
            fresh->columns[column] = sqlite3_value_dup(sqlite3_column_value(select, column + 1));
        }
    }
    sqlite3_finalize(select);
}

static void prepare(int index) {
    char text[200] = "";
    snprintf(text, sizeof text, "INSERT INTO %s VALUES (", table[index].name);
    for (int column = 0; column < table[index].columns; column++) {
        strcat(text, column == 0 ? "?" : ", ?");
    }
    strcat(text, ")");
    check(sqlite3_prepare_v2(to, text, -1, &table[index].insert, 0), to);
}

static void run(sqlite3_stmt *statement) {
    check(sqlite3_step(statement), to);
    check(sqlite3_reset(statement), to);
}

static int make_like(void *context, int count, char **values, char **names) {
    (void)context, (void)count, (void)names;
    if (values[0] != 0) {
        check(sqlite3_exec(to, values[0], 0, 0, 0), to);
    }
    return 0;
}

int main(int count, char **words) {
    if (count != 3) {
        return 2;
    }
    check(sqlite3_open_v2(words[1], &from, SQLITE_OPEN_READONLY, 0), from);
    check(sqlite3_open(words[2], &to), to);
    check(sqlite3_exec(to, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000;"
                           "PRAGMA cache_size=-65536", 0, 0, 0), to);
    check(sqlite3_exec(from, "SELECT sql FROM sqlite_schema WHERE type <> 'view'", make_like, 0, 0), from);
    for (int index = 0; index < tables; index++) {
        load(index);
        prepare(index);
    }
    sqlite3_stmt *begin, *end, *close;
    check(sqlite3_prepare_v2(to, "BEGIN IMMEDIATE", -1, &begin, 0), to);
    check(sqlite3_prepare_v2(to, "COMMIT", -1, &end, 0), to);
    check(sqlite3_prepare_v2(
              to, "UPDATE state SET until = ?3 WHERE space = ?1 AND item = ?2 AND until IS NULL", -1, &close, 0), to);
    // Else the statement that closes a row would be prepared anew for each.
    check(sqlite3_db_config(to, SQLITE_DBCONFIG_ENABLE_QPSG, 1, (int *)0), to);
    double start = now();
    for (long block = 0; block < table[0].count; block++) {
        sqlite3_int64 height = table[0].rows[block].height;
        run(begin);
        for (int index = 0; index < tables; index++) {
            while (table[index].next < table[index].count && table[index].rows[table[index].next].height == height) {
                row *next = &table[index].rows[table[index].next++];
                if (index == tables - 1) {
                    check(sqlite3_bind_value(close, 1, next->columns[0]), to);
                    check(sqlite3_bind_value(close, 2, next->columns[1]), to);
                    check(sqlite3_bind_int64(close, 3, height), to);
                    run(close);
                }
                for (int column = 0; column < table[index].columns; column++) {
                    check(sqlite3_bind_value(table[index].insert, column + 1, next->columns[column]), to);
                }
                // A row is written as one that holds; the block that ends it says so later.
                if (index == tables - 1) {
                    check(sqlite3_bind_null(table[index].insert, 4), to);
                }
                run(table[index].insert);
            }
        }
        run(end);
    }
    double seconds = now() - start;
    printf("%.1f\n", (double)table[1].count / seconds);
    return 0;
}
