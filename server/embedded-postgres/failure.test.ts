import assert from 'node:assert/strict'
import { test } from 'node:test'
import { databaseFailure } from './failure.ts'

const CASES: [string, string][] = [
  ['FATAL:  could not write to file "pg_wal/xlogtemp.9": No space left on device', 'the disk is full.'],
  [
    'FATAL:  database files are incompatible with server\n' +
      'DETAIL:  The data directory was initialized by PostgreSQL version 17, which is not compatible with this version 18.4.\n',
    'its files were made by PostgreSQL 17 and this GrandChat carries 18.4: start them with the GrandChat that made them and move the data over.',
  ],
  [
    'postgres: error while loading shared libraries: libxml2.so.2: cannot open shared object file',
    'this system lacks a library (libxml2.so.2: cannot open shared object file).',
  ],
  [
    '2026-11-22 04:12:16 UTC [1] FATAL:  data directory "/x" has wrong ownership\nHINT:  The server must be started by the user that owns the data directory.',
    'data directory "/x" has wrong ownership.',
  ],
  [
    'initdb: error: could not access directory "/x": Permission denied',
    'could not access directory "/x": Permission denied.',
  ],
  ['something else entirely', 'something else entirely.'],
  ['', 'PostgreSQL gave no reason.'],
]

for (const [output, reason] of CASES) {
  test(`a database that does not start says why: ${reason}`, () => {
    assert.equal(
      databaseFailure('started', '/data', output).message,
      `The database in /data could not be started: ${reason}`,
    )
  })
}
