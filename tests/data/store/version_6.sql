-- A database of version 6, dumped. Never edit it: when the schema changes, add version_7.sql.
PRAGMA application_id=1279349317;
PRAGMA user_version=6;
BEGIN TRANSACTION;
CREATE TABLE conversations(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL DEFAULT '',
    preview TEXT NOT NULL DEFAULT '',
    persona TEXT NOT NULL DEFAULT '',
    created_at INTEGER,
    updated_at INTEGER,
    is_pinned INTEGER NOT NULL DEFAULT 0,
    active_leaf INTEGER NOT NULL DEFAULT 0,
    deleted_at INTEGER
, parameters TEXT NOT NULL DEFAULT '', folder TEXT NOT NULL DEFAULT '') STRICT;
INSERT INTO "conversations" VALUES(7,'Conversation 7','What is in my Documents?','lares',1780000420123,1780000480123,1,12,NULL,'','');
INSERT INTO "conversations" VALUES(8,'Gone','','lares',1780000480123,1780000480123,0,0,4102444800000,'{"temperature":0.3}','Letters');
CREATE TABLE drafts(
    conversation INTEGER PRIMARY KEY REFERENCES conversations(id) ON DELETE CASCADE,
    text TEXT NOT NULL
) STRICT;
INSERT INTO "drafts" VALUES(7,'And what about');
CREATE TABLE draft_attachments(
    conversation INTEGER NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    data TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY(conversation, position)
) STRICT;
CREATE TABLE grants(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    folder TEXT NOT NULL,
    access TEXT NOT NULL,
    granted_at INTEGER NOT NULL,
    UNIQUE(folder, access)
) STRICT;
INSERT INTO "grants" VALUES(3,'/home/someone/Documents','read-only',1780000060123);
CREATE TABLE messages(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation INTEGER NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
    parent INTEGER NOT NULL DEFAULT 0,
    role TEXT NOT NULL,
    state TEXT NOT NULL,
    persona TEXT NOT NULL DEFAULT '',
    created_at INTEGER,
    stats TEXT NOT NULL DEFAULT ''
) STRICT;
INSERT INTO "messages" VALUES(11,7,0,'user','complete','',1780000660123,'');
INSERT INTO "messages" VALUES(12,7,11,'assistant','stopped','clerk',1780000720123,'{"finishReason":"stop","tokensPerSecond":71.5}');
CREATE TABLE parts(
    message INTEGER NOT NULL REFERENCES messages(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    tool_name TEXT NOT NULL DEFAULT '',
    call_state TEXT NOT NULL DEFAULT '',
    summary TEXT NOT NULL DEFAULT '',
    duration_ms INTEGER NOT NULL DEFAULT 0,
    data TEXT NOT NULL DEFAULT '',
    text TEXT NOT NULL DEFAULT '',
    PRIMARY KEY(message, position)
) STRICT;
INSERT INTO "parts" VALUES(11,0,'text','','','',0,'','What is in my Documents?');
INSERT INTO "parts" VALUES(12,0,'thinking','','','',1200,'','The user asks.');
INSERT INTO "parts" VALUES(12,1,'text','','','',0,'','Let me look.');
INSERT INTO "parts" VALUES(12,2,'tool_call','list_folder','done','List the folder Documents',15,'{"allowedBy":"once","list":[1,"two"]}','{"path": "Documents"}');
INSERT INTO "parts" VALUES(12,3,'tool_result','','','',0,'','letter.txt');
INSERT INTO "parts" VALUES(12,4,'text','','','',0,'','There is **letter.txt**.');
INSERT INTO "parts" VALUES(12,5,'notice','','','',0,'','You stopped this answer.');
CREATE TABLE personas(
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    system TEXT NOT NULL,
    greeting TEXT NOT NULL DEFAULT '',
    updated_at INTEGER NOT NULL
, parameters TEXT NOT NULL DEFAULT '', lore TEXT NOT NULL DEFAULT '') STRICT, WITHOUT ROWID;
CREATE TABLE settings(
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "settings" VALUES('theme','["dark"]');
CREATE TABLE summaries(
    message INTEGER PRIMARY KEY REFERENCES messages(id) ON DELETE CASCADE,
    is_leaving_out INTEGER NOT NULL,
    text TEXT NOT NULL
) STRICT;
INSERT INTO "summaries" VALUES(12,1,'The user looked for a letter.');
CREATE TABLE notes(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    persona TEXT NOT NULL,
    conversation INTEGER NOT NULL,
    message INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    is_on INTEGER NOT NULL
) STRICT;
INSERT INTO "notes" VALUES(2,'robin',7,11,1780000000123,1);
CREATE TABLE note_texts(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    note INTEGER NOT NULL REFERENCES notes(id) ON DELETE CASCADE,
    text TEXT NOT NULL
) STRICT;
INSERT INTO "note_texts" VALUES(4,2,'I live in a small flat.');
INSERT INTO "note_texts" VALUES(5,2,'I live in a house.');
CREATE TABLE begun_notes(
    conversation INTEGER PRIMARY KEY REFERENCES conversations(id) ON DELETE CASCADE,
    texts TEXT NOT NULL
) STRICT;
INSERT INTO "begun_notes" VALUES(7,'[1,4]');
CREATE INDEX conversations_listed ON conversations(is_pinned, updated_at, id)
    WHERE deleted_at IS NULL;
CREATE INDEX conversations_in_trash ON conversations(deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX messages_of_conversation ON messages(conversation, id);
CREATE INDEX note_texts_of_note ON note_texts(note, id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('conversations',8);
INSERT INTO "sqlite_sequence" VALUES('messages',12);
INSERT INTO "sqlite_sequence" VALUES('grants',3);
INSERT INTO "sqlite_sequence" VALUES('notes',2);
INSERT INTO "sqlite_sequence" VALUES('note_texts',5);
COMMIT;
