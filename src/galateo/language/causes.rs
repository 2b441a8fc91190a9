//! Why something went wrong, in Italian. The system, the ledger and the settings tell it in English, as text; what an
//! office gets to see of that is known here, sentence by sentence. What is not known stays as it was told: a cause in the
//! other language is of more use than none.

/// A sentence, or a part of one, and how it is said in Italian. The longer come before those that stand in them.
const SAID: &[(&str, &str)] = &[
    // The system.
    ("No such file or directory", "il file o la cartella non c'è"),
    ("Permission denied", "permesso negato"),
    ("Is a directory", "è una cartella"),
    ("Not a directory", "non è una cartella"),
    ("No space left on device", "il disco è pieno"),
    ("Read-only file system", "il disco è di sola lettura"),
    ("File exists", "il file c'è già"),
    ("Address already in use", "la porta è già in uso"),
    ("Broken pipe", "chi leggeva ha chiuso"),
    ("Operation not permitted", "operazione non permessa"),
    ("Input/output error", "errore di lettura o scrittura"),
    ("Device or resource busy", "è occupato"),
    ("Invalid argument", "argomento non valido"),
    ("Too many open files", "troppi file aperti"),
    ("File too large", "il file è troppo grande"),
    ("Illegal seek", "non vi si può cercare un punto"),
    ("File name too long", "il nome è troppo lungo"),
    ("Directory not empty", "la cartella non è vuota"),
    ("Too many levels of symbolic links", "è un collegamento simbolico, o ce ne sono troppi"),
    ("Invalid cross-device link", "è su un altro disco"),
    ("Cannot allocate memory", "manca la memoria"),
    ("Disk quota exceeded", "la quota di disco è esaurita"),
    ("Stale file handle", "il file non c'è più sul server"),
    ("Cannot assign requested address", "l'indirizzo non è di questa macchina"),
    ("Network is unreachable", "la rete non è raggiungibile"),
    ("No route to host", "la macchina non è raggiungibile"),
    ("Connection refused", "connessione rifiutata"),
    ("Connection reset by peer", "connessione interrotta"),
    ("Connection timed out", "tempo scaduto"),
    ("failed to lookup address information", "l'indirizzo non si trova"),
    ("Name or service not known", "nome sconosciuto"),
    ("Temporary failure in name resolution", "al momento i nomi non si possono cercare"),
    ("the clock of this machine says ", "l'orologio di questa macchina segna "),
    (", which is before this program was made: set it", ", ma è prima che questo programma fosse scritto: regolarlo"),
    // Files that are read.
    ("found a folder, expected a file", "è una cartella, serve un file"),
    ("found a file, expected a folder", "è un file, serve una cartella"),
    ("found a device or a pipe, expected a file", "è un dispositivo o una pipe, serve un file"),
    ("found more than ", "il file supera i "),
    (" bytes, expected at most that", " byte, che sono il massimo"),
    // The data file.
    ("the data file is in use by another process", "il file dei dati è in uso da parte di un altro processo"),
    ("the data file is in use by process", "il file dei dati è in uso da parte del processo"),
    ("the data file is in use by ", "il file dei dati è in uso da parte di "),
    (", which belongs to another user", ", che è di un altro utente"),
    ("opening the data file for the embedded DynamoDB failed", "il file dei dati non si può aprire"),
    ("locking the data file for the embedded DynamoDB failed", "il file dei dati non si può riservare"),
    ("sharing the data file for the embedded DynamoDB failed", "il file dei dati non si può condividere"),
    ("the path of the data file for the embedded DynamoDB failed", "il percorso del file dei dati non va bene"),
    ("watching the data file for the embedded DynamoDB failed", "il file dei dati non si può sorvegliare"),
    ("checking the data file for the embedded DynamoDB failed", "il file dei dati non si può controllare"),
    (
        "marking the data file as open for the embedded DynamoDB failed",
        "accanto al file dei dati non si può segnare che è aperto",
    ),
    ("listening for the embedded DynamoDB failed", "il DynamoDB incorporato non può ascoltare"),
    ("listening on port ", "l'ascolto sulla porta "),
    ("opening ", "l'apertura di "),
    (" for the embedded DynamoDB failed", " per il DynamoDB incorporato non è riuscita"),
    ("it is not UTF-8", "non è UTF-8"),
    (
        "; it holds personal data, so it has to belong to whoever runs this, and to nobody else",
        "; contiene dati personali, perciò deve essere di chi esegue il comando e di nessun altro",
    ),
    (
        " names (hard links), and under another than the last one its newest records would not be found; remove the names \
      that are not used",
        " nomi (hard link), e con un nome diverso dall'ultimo le registrazioni più recenti non si \
      troverebbero; togliere i nomi che non servono",
    ),
    ("it has ", "ha "),
    (
        "everybody on this machine may put files into the folder ",
        "chiunque su questa macchina può mettere file nella cartella ",
    ),
    (
        " and take yours away; put it into one of your own (chmod o-w)",
        " e togliervi quelli di altri; metterlo in una cartella propria (chmod o-w)",
    ),
    ("it belongs to user ", "è dell'utente "),
    (", and this runs as user ", ", e il comando è eseguito dall'utente "),
    (
        "Database file is encrypted or not a valid SQLite database. If encrypted, enable the `encryption` or \
         `encryption-cc` feature and use Database::new_encrypted() with the correct key.",
        "il file non è un registro di Galateo, oppure è danneggiato",
    ),
    ("file is not a database", "il file non è una base di dati"),
    ("database disk image is malformed", "il file è danneggiato"),
    ("database is locked", "un altro programma lo tiene occupato"),
    ("purging the data file failed", "i byte cancellati non si possono togliere dal file dei dati"),
    ("the server that has it open does not answer", "il server che lo tiene aperto non risponde"),
    ("the server that has it open refuses", "il server che lo tiene aperto rifiuta"),
    ("the write-ahead log stays in use", "il registro delle scritture resta in uso"),
    (": somebody has read from the file all the time", ": qualcuno ha letto dal file tutto il tempo"),
    (
        " may only be read: records cannot be kept in it. Give its owner the permission to write",
        " si può solo leggere: non vi si può registrare nulla. Dare al proprietario il permesso di scrivere",
    ),
    (
        " was deleted or replaced while it was open: nothing is acknowledged any more. Put it back or restore a backup, then \
         start again",
        " è stato eliminato o sostituito mentre era aperto: non si conferma più nulla. Rimetterlo, o ripristinare una copia, \
         e riavviare",
    ),
    (
        " does not take what is recorded: the disk is full. Nothing is acknowledged as long as that is so",
        " non accetta ciò che si registra: il disco è pieno. Finché è così non si conferma nulla",
    ),
    (
        " cannot be read or written: the disk fails, or files may grow no larger. Nothing is acknowledged any more. Mend that, \
         then start again",
        " non si può leggere o scrivere: il disco è guasto, o i file non possono crescere oltre. Non si conferma più nulla. \
         Rimediare, e riavviare",
    ),
    (
        " was cut off while it was open: nothing is acknowledged any more. Keep it and what stands beside it, and restore a \
         backup",
        " è stato troncato mentre era aperto: non si conferma più nulla. Conservarlo con ciò che gli sta accanto, e ripristinare \
         una copia",
    ),
    (
        " was overwritten while it was open: nothing is acknowledged any more. Keep it and what stands beside it, and restore \
         a backup",
        " è stato sovrascritto mentre era aperto: non si conferma più nulla. Conservarlo con ciò che gli sta accanto, e \
         ripristinare una copia",
    ),
    (
        ". Whoever had it open last was killed or met damage, and what was acknowledged last stood in the log. Nothing was \
         changed. Put the log back, or restore a backup. To go on with what is there all the same, delete ",
        ". Chi lo aveva aperto per ultimo è stato interrotto o ha trovato un danno, e le ultime conferme erano nel log. Nulla è \
         stato cambiato. Rimettere il log, o ripristinare una copia. Per proseguire comunque con ciò che c'è, eliminare ",
    ),
    (
        ". Nothing was changed in it. Keep it, and restore a backup",
        ". Nulla vi è stato cambiato. Conservarlo, e ripristinare una copia",
    ),
    (
        " is there: no empty ledger takes its place. Put the file back beside its log, or move the log away and restore a \
         backup",
        " c'è: nessun registro vuoto ne prende il posto. Rimettere il file accanto al suo log, o spostare il log e ripristinare \
         una copia",
    ),
    (" is gone or empty, though its log ", " manca o è vuoto, anche se il suo log "),
    (" is damaged: its log ", " è danneggiato: il suo log "),
    ("is shorter than it was", "è più corto di prima"),
    ("is overwritten", "è sovrascritto"),
    ("is gone", "manca"),
    (" was overwritten", " è stato sovrascritto"),
    (" was cut off", " è stato troncato"),
    ("the disk fails, or files may grow no larger", "il disco è guasto, o i file non possono crescere oltre"),
    ("database or disk is full", "il disco è pieno"),
    ("the data file cannot be used", "il file dei dati non si può usare"),
    (", \"When the data file is damaged or gone\")", "#when-the-data-file-is-damaged-or-gone)"),
    (" is damaged: ", " è danneggiato: "),
    (
        "its header, its end, the list of its tables or its free space",
        "l'intestazione, la fine, l'elenco delle tabelle o lo spazio libero",
    ),
    ("the tables ", "le tabelle "),
    ("the table ", "la tabella "),
    ("the data file ", "il file dei dati "),
    // The tables.
    (" not becoming active within 30 seconds", " non ancora attiva dopo 30 secondi"),
    (
        ": records are lost, and no empty table takes their place. Restore both from a backup of the same moment; only where \
      a first start was interrupted and nothing was recorded yet, remove ",
        ": le registrazioni sono perse, e nessuna \
      tabella vuota prende il loro posto. Ripristinarle entrambe da una copia dello stesso momento; solo se un primo \
      avvio è stato interrotto e nulla era ancora registrato, togliere anche ",
    ),
    (" too (its data file, on one machine) and start again", " (su una sola macchina, il file dei dati) e riavviare"),
    (" is missing beside ", " manca accanto a "),
    ("the table ", "la tabella "),
    ("was answered with", "ha avuto come risposta"),
    ("no error code", "nessun codice d'errore"),
    ("was cancelled with", "è stato annullato con"),
    ("could not be sent", "non si è potuto inviare"),
    ("could not be built", "non si è potuto comporre"),
    (
        "the role or user of these credentials is not permitted to do it",
        "il ruolo o l'utente di queste credenziali non è autorizzato a farlo",
    ),
    ("AWS does not know these credentials", "AWS non riconosce queste credenziali"),
    ("the credentials have expired; sign in again", "le credenziali sono scadute; accedere di nuovo"),
    (
        "the secret key is another one, or the clock of this machine is wrong",
        "la chiave segreta è un'altra, oppure l'orologio di questa macchina è sbagliato",
    ),
    (
        "there is no such table or index in this account and region",
        "in questo account e in questa regione non c'è una tale tabella o indice",
    ),
    ("there are no usable credentials", "mancano credenziali utilizzabili"),
    ("a time-out of whoever hands out the credentials", "chi fornisce le credenziali non ha risposto in tempo"),
    ("a broken connection", "connessione interrotta"),
    ("an unreadable answer", "risposta illeggibile"),
    ("a time-out", "tempo scaduto"),
    // The seals.
    (" days are to be sealed, the first ", " giorni sono da sigillare, il primo "),
    (" and the last ", " e l'ultimo "),
    (
        ": nothing was sealed for long, or the clock is wrong; where it is right, a person has to seal them",
        ": da molto non si sigilla, oppure l'orologio è sbagliato; se è giusto, deve sigillarli una persona",
    ),
    // The pseudonym keys.
    (
        "nothing was recorded under an older pseudonym key: are two keys swapped?",
        "con una chiave precedente degli pseudonimi non è stato registrato nulla: due chiavi sono scambiate?",
    ),
    (
        "the records were kept under another pseudonym key, expected that one, or that one as an older key",
        "le registrazioni sono state tenute con un'altra chiave degli pseudonimi: serve quella, oppure quella come \
         chiave precedente",
    ),
    (
        "a pseudonym key is set with another time than that from which it is in force: are two keys swapped, or was a time \
         changed after it had come?",
        "una chiave degli pseudonimi ha un momento diverso da quello da cui è in vigore: due chiavi sono scambiate, o un \
         momento è stato cambiato dopo che era arrivato?",
    ),
    (
        "the pseudonym key in force is missing, expected it behind the one that is to replace it",
        "manca la chiave degli pseudonimi in vigore: va messa dopo quella che la deve sostituire",
    ),
    (
        "a pseudonym key is missing under which records are kept, newer than the oldest that is set: is the setting one \
         from before a rotation?",
        "manca una chiave degli pseudonimi con cui sono tenute registrazioni, più recente della prima indicata: è \
         un'impostazione di prima di una rotazione?",
    ),
    ("the pseudonym key has ", "la chiave degli pseudonimi ha "),
    (" bytes, expected at least ", " byte, ne servono almeno "),
    // The settings.
    ("setting ", "impostazione "),
    (": is not set", ": manca"),
    (
        ": is empty, expected one or more secrets separated by commas",
        ": è vuota, servono uno o più segreti separati da virgole",
    ),
    (": is empty, expected a secret", ": è vuota, serve un segreto"),
    (
        ": holds a secret of fewer than 16 characters, expected the whole secret that the platform gave, or for YouTube one of \
         16 or more",
        ": un segreto ha meno di 16 caratteri, serve per intero quello dato dalla piattaforma, o per YouTube uno di almeno 16",
    ),
    (
        ": holds a token of fewer than 16 characters, expected one of 16 or more, which you choose",
        ": un token ha meno di 16 caratteri, serve uno di almeno 16, a scelta",
    ),
    (
        ": is empty or shorter than 16 characters, expected the whole token that the platform gave",
        ": è vuota o ha meno di 16 caratteri, serve per intero il token dato dalla piattaforma",
    ),
    (": is too short, expected at least 16 bytes", ": è troppo corta, servono almeno 16 byte"),
    (
        ": has white space beside a key, expected KEY or KEY,KEY@TIME without any",
        ": accanto a una chiave c'è uno spazio, serve KEY oppure KEY,KEY@TIME senza spazi",
    ),
    (
        ": has an older key without a time, expected KEY,KEY@TIME with the time at which the older one is replaced; a key \
         itself holds no comma",
        ": a una chiave precedente manca il momento, serve KEY,KEY@TIME con il momento in cui è sostituita; una chiave non \
         contiene virgole",
    ),
    (
        ": has a time that cannot be read, expected the form KEY,KEY@2026-11-22T09:00:00Z",
        ": un momento non si può leggere, serve la forma KEY,KEY@2026-11-22T09:00:00Z",
    ),
    (
        ": has keys in disorder, expected the newest first, with times that descend",
        ": le chiavi non sono in ordine, serve prima la più recente, con momenti via via precedenti",
    ),
    (": holds one key twice, expected different ones", ": una chiave c'è due volte, servono chiavi diverse"),
    // The policy.
    ("leads out of the folder of the policy, expected a list in it", "porta fuori dalla cartella della policy"),
    ("found bytes that are not UTF-8, expected UTF-8 text", "ci sono byte che non sono UTF-8"),
];

/// A cause, with everything in it that is known said in Italian.
pub(super) fn in_italian(cause: &str) -> String {
    SAID.iter().fold(cause.to_owned(), |cause, (english, italian)| cause.replace(english, italian))
}

#[cfg(test)]
mod tests;
