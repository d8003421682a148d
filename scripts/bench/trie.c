// Rebuilds the root of a ledger's state from its rows, as a node does when it starts, and prints the seconds that it took
// and the root: what a plain C program needs that reads, hashes and sorts on one core and checks nothing.
//
//   cc -O2 -o trie trie.c -lsqlite3 -lcrypto && ./trie LEDGER
#include <openssl/sha.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
    uint8_t key[32], value[32];
} leaf;

static leaf *leaves;
static long count, room;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

// SHA-256 over a label, a zero byte and bytes.
static void labelled(const char *label, const void *bytes, int length, uint8_t out[32]) {
    SHA256_CTX context;
    SHA256_Init(&context);
    SHA256_Update(&context, label, strlen(label) + 1);
    SHA256_Update(&context, bytes, (size_t)length);
    SHA256_Final(out, &context);
}

static int compare(const void *left, const void *right) { return memcmp(left, right, 32); }

static int bit_of(const uint8_t *key, int bit) { return key[bit >> 3] >> (7 - (bit & 7)) & 1; }

// The trie over the leaves from one place to another, which are sorted.
static void root_of(long low, long high, uint8_t out[32]) {
    uint8_t node[67];
    if (high - low == 1) {
        node[0] = 0;
        node[1] = node[34] = 32;
        memcpy(node + 2, leaves[low].key, 32);
        memcpy(node + 35, leaves[low].value, 32);
        SHA256(node, 67, out);
        return;
    }
    const uint8_t *first = leaves[low].key, *last = leaves[high - 1].key;
    int bit = 0;
    while (first[bit >> 3] == last[bit >> 3]) bit += 8;
    while (bit_of(first, bit) == bit_of(last, bit)) bit++;
    long start = low, end = high;
    while (start < end) {
        long middle = start + (end - start) / 2;
        if (bit_of(leaves[middle].key, bit)) end = middle;
        else start = middle + 1;
    }
    int width = bit < 128 ? 2 : 3;
    node[0] = 1;
    node[1] = (uint8_t)(bit < 128 ? bit : (bit & 127) | 128);
    node[2] = 1;
    root_of(low, start, node + width);
    root_of(start, high, node + width + 32);
    SHA256(node, (size_t)width + 64, out);
}

int main(int number, char **arguments) {
    double begun = now();
    sqlite3 *ledger;
    sqlite3_stmt *select;
    if (number != 2 || sqlite3_open_v2(arguments[1], &ledger, SQLITE_OPEN_READONLY, 0) != SQLITE_OK) return 2;
    const char *query = "SELECT space, item, value FROM state WHERE until IS NULL ORDER BY space, item";
    if (sqlite3_prepare_v2(ledger, query, -1, &select, 0) != SQLITE_OK) return 1;
    char space[1024] = "";
    uint8_t prefix[32];
    labelled("remit/v1/state/space", space, 0, prefix);
    while (sqlite3_step(select) == SQLITE_ROW) {
        if (count == room) {
            room = room * 2 + 4096;
            leaves = realloc(leaves, (size_t)room * sizeof(leaf));
            if (!leaves) return 1;
        }
        const char *name = (const char *)sqlite3_column_text(select, 0);
        int length = sqlite3_column_bytes(select, 0);
        if (length >= (int)sizeof space) return 1;
        if (strcmp(name, space)) {
            memcpy(space, name, (size_t)length + 1);
            labelled("remit/v1/state/space", space, length, prefix);
        }
        leaf *fresh = &leaves[count++];
        uint8_t item[32];
        labelled("remit/v1/state/item", sqlite3_column_blob(select, 1), sqlite3_column_bytes(select, 1), item);
        memcpy(fresh->key, prefix, 16);
        memcpy(fresh->key + 16, item, 16);
        labelled("remit/v1/state/value", sqlite3_column_blob(select, 2), sqlite3_column_bytes(select, 2), fresh->value);
    }
    sqlite3_finalize(select);
    sqlite3_close(ledger);
    uint8_t root[32];
    qsort(leaves, (size_t)count, sizeof(leaf), compare);
    if (count) root_of(0, count, root);
    else SHA256((const uint8_t *)"", 0, root);
    printf("%.6f ", now() - begun);
    for (int index = 0; index < 32; index++) printf("%02x", root[index]);
    printf("\n");
    return 0;
}
