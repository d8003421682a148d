import CSQLite

extension Connection {
    /// Fills this database with the pages of another one; `progress` is told pages done and pages in all.
    func copyPages(of source: Connection, atOnce count: Int32, _ progress: (Int, Int) -> Void) throws(StoreError) {
        let doing = "copying \(source.path)"
        let (to, from) = (try open(), try source.open())
        guard let backup = sqlite3_backup_init(to, "main", from, "main") else {
            throw Self.error(sqlite3_extended_errcode(to), database: to, path: path, table: "(none)", doing: doing)
        }
        var code = SQLITE_OK
        while code == SQLITE_OK {
            code = sqlite3_backup_step(backup, count)
            let all = Int(sqlite3_backup_pagecount(backup))
            progress(all - Int(sqlite3_backup_remaining(backup)), all)
        }
        let end = sqlite3_backup_finish(backup)
        guard code == SQLITE_DONE, end == SQLITE_OK else {
            let problem = code == SQLITE_DONE ? end : code
            throw Self.error(problem, database: to, path: path, table: "(none)", doing: doing)
        }
    }
}
