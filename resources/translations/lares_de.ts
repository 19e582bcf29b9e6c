<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en">
<context>
    <name>Activity</name>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>allowed once</source>
        <translation>einmal erlaubt</translation>
    </message>
    <message>
        <source>allowed for this conversation</source>
        <translation>für diese Unterhaltung erlaubt</translation>
    </message>
    <message>
        <source>always allowed</source>
        <translation>immer erlaubt</translation>
    </message>
    <message>
        <source>allowed earlier</source>
        <translation>früher erlaubt</translation>
    </message>
    <message>
        <source>You allowed it, this once.</source>
        <translation>Von Ihnen erlaubt, nur dieses Mal.</translation>
    </message>
    <message>
        <source>You allowed it, and the like for this conversation.</source>
        <translation>Von Ihnen erlaubt, auch Ähnliches in dieser Unterhaltung.</translation>
    </message>
    <message>
        <source>You allowed it, and the like from then on.</source>
        <translation>Von Ihnen erlaubt, auch Ähnliches von da an.</translation>
    </message>
    <message>
        <source>A permission covered it that you gave before.</source>
        <translation>Eine früher erteilte Berechtigung galt dafür.</translation>
    </message>
    <message>
        <source>It needed no permission: it touches no files.</source>
        <translation>Keine Berechtigung nötig: Es werden keine Dateien berührt.</translation>
    </message>
    <message>
        <source>A call that cannot be read</source>
        <translation>Ein Aufruf, der nicht lesbar ist</translation>
    </message>
    <message>
        <source>waiting for you</source>
        <translation>wartet auf Sie</translation>
    </message>
    <message>
        <source>running</source>
        <translation>läuft</translation>
    </message>
    <message>
        <source>done</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>not allowed</source>
        <translation>nicht erlaubt</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <source>undone</source>
        <translation>rückgängig gemacht</translation>
    </message>
    <message>
        <source>A setting lets the assistant search earlier conversations: Settings → Memory.</source>
        <translation>Eine Einstellung lässt den Assistenten frühere Unterhaltungen durchsuchen: Einstellungen → Gedächtnis.</translation>
    </message>
</context>
<context>
    <name>AnswerSources</name>
    <message>
        <source>Sources:</source>
        <translation>Quellen:</translation>
    </message>
    <message numerus="yes">
        <source>and %Ln more</source>
        <translation>
            <numerusform>und %Ln weitere</numerusform>
            <numerusform>und %Ln weitere</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>AppOptions</name>
    <message>
        <source>Keep conversations and settings in DIR (usually %1).</source>
        <translation>Unterhaltungen und Einstellungen in ORDNER aufbewahren (sonst %1).</translation>
    </message>
    <message>
        <source>DIR</source>
        <translation>ORDNER</translation>
    </message>
    <message>
        <source>Answer with this GGUF model.</source>
        <translation>Mit diesem GGUF-Modell antworten.</translation>
    </message>
    <message>
        <source>FILE</source>
        <translation>DATEI</translation>
    </message>
    <message>
        <source>Answer from a script instead of a model, for work on the window.</source>
        <translation>Aus einem Skript statt mit einem Modell antworten, für die Arbeit am Fenster.</translation>
    </message>
    <message>
        <source>Write pictures of the window into DIR and end.</source>
        <translation>Bilder des Fensters in ORDNER schreiben und beenden.</translation>
    </message>
    <message>
        <source>Open the small window for a quick question, here or in the Lares that runs already.</source>
        <translation>Das kleine Fenster für eine kurze Frage öffnen, hier oder im bereits laufenden Lares.</translation>
    </message>
    <message>
        <source>Start without a window, where the icon in the tray is on.</source>
        <translation>Ohne Fenster starten, wenn das Symbol im Infobereich eingeschaltet ist.</translation>
    </message>
    <message>
        <source>Speak this language, for this start: %1 or system (usually what Settings say).</source>
        <translation>Bei diesem Start in dieser Sprache: %1 oder system (sonst wie in den Einstellungen).</translation>
    </message>
    <message>
        <source>LANGUAGE</source>
        <translation>SPRACHE</translation>
    </message>
    <message>
        <source>Lares, a private assistant. Everything happens on this computer.</source>
        <translation>Lares, ein privater Assistent. Alles geschieht auf diesem Rechner.</translation>
    </message>
</context>
<context>
    <name>Attachment</name>
    <message>
        <source>Pasted text</source>
        <translation>Eingefügter Text</translation>
    </message>
    <message numerus="yes">
        <source>about %Ln token(s)</source>
        <translation>
            <numerusform>etwa %Ln Token</numerusform>
            <numerusform>etwa %Ln Token</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>“%1” is too long for this conversation: %2, and it holds %3, of which %4 are used.</source>
        <translation>„%1“ ist zu lang für diese Unterhaltung: %2; sie fasst %3, von denen %4 belegt sind.</translation>
    </message>
    <message>
        <source>“%1” is too long for this conversation: %2, and it holds %3.</source>
        <translation>„%1“ ist zu lang für diese Unterhaltung: %2; sie fasst %3.</translation>
    </message>
    <message>
        <source>What is attached already takes %1.</source>
        <translation>Was schon angehängt ist, belegt %1.</translation>
    </message>
    <message>
        <source>Attach the part that matters, or begin a new conversation.</source>
        <translation>Hängen Sie nur den wichtigen Teil an oder beginnen Sie eine neue Unterhaltung.</translation>
    </message>
    <message>
        <source>Attach the part that matters.</source>
        <translation>Hängen Sie nur den wichtigen Teil an.</translation>
    </message>
</context>
<context>
    <name>Autostart</name>
    <message>
        <source>%1 cannot be changed: %2. Check that you may write into that folder.</source>
        <translation>%1 kann nicht geändert werden: %2. Prüfen Sie, ob Sie in diesen Ordner schreiben dürfen.</translation>
    </message>
</context>
<context>
    <name>ChangeRun</name>
    <message>
        <source>Changing files: %1 of %2</source>
        <translation>Dateien werden geändert: %1 von %2</translation>
    </message>
    <message numerus="yes">
        <source>%Ln change(s) to files</source>
        <translation>
            <numerusform>%Ln Änderung an Dateien</numerusform>
            <numerusform>%Ln Änderungen an Dateien</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Moved %Ln item(s)</source>
        <translation>
            <numerusform>%Ln Element verschoben</numerusform>
            <numerusform>%Ln Elemente verschoben</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Made %Ln folder(s)</source>
        <translation>
            <numerusform>%Ln Ordner angelegt</numerusform>
            <numerusform>%Ln Ordner angelegt</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Wrote %Ln file(s)</source>
        <translation>
            <numerusform>%Ln Datei geschrieben</numerusform>
            <numerusform>%Ln Dateien geschrieben</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Edited %Ln file(s)</source>
        <translation>
            <numerusform>%Ln Datei bearbeitet</numerusform>
            <numerusform>%Ln Dateien bearbeitet</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Made %Ln change(s) to files</source>
        <translation>
            <numerusform>%Ln Änderung an Dateien vorgenommen</numerusform>
            <numerusform>%Ln Änderungen an Dateien vorgenommen</numerusform>
        </translation>
    </message>
    <message>
        <source>waiting for you</source>
        <translation>wartet auf Sie</translation>
    </message>
    <message numerus="yes">
        <source>%Ln failed</source>
        <translation>
            <numerusform>%Ln fehlgeschlagen</numerusform>
            <numerusform>%Ln fehlgeschlagen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln not allowed</source>
        <translation>
            <numerusform>%Ln nicht erlaubt</numerusform>
            <numerusform>%Ln nicht erlaubt</numerusform>
        </translation>
    </message>
    <message>
        <source>undone</source>
        <translation>rückgängig gemacht</translation>
    </message>
    <message numerus="yes">
        <source>%Ln undone</source>
        <translation>
            <numerusform>%Ln rückgängig gemacht</numerusform>
            <numerusform>%Ln rückgängig gemacht</numerusform>
        </translation>
    </message>
    <message>
        <source>failed: %1</source>
        <translation>fehlgeschlagen: %1</translation>
    </message>
    <message>
        <source>not allowed: %1</source>
        <translation>nicht erlaubt: %1</translation>
    </message>
    <message>
        <source>%1 (undone)</source>
        <translation>%1 (rückgängig gemacht)</translation>
    </message>
</context>
<context>
    <name>Download</name>
    <message numerus="yes">
        <source>about %n hour(s) left</source>
        <translation>
            <numerusform>noch etwa %n Stunde</numerusform>
            <numerusform>noch etwa %n Stunden</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>about %n hour(s) %1 minutes left</source>
        <translation>
            <numerusform>noch etwa %n Stunde %1 Minuten</numerusform>
            <numerusform>noch etwa %n Stunden %1 Minuten</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>%1/s</source>
        <translation>%1/s</translation>
    </message>
    <message>
        <source>Checking what is there of %1</source>
        <translation>Es wird geprüft, was von %1 schon da ist</translation>
    </message>
    <message>
        <source>Connecting for %1</source>
        <translation>Verbindung für %1 wird aufgebaut</translation>
    </message>
    <message>
        <source>Downloading %1</source>
        <translation>%1 wird heruntergeladen</translation>
    </message>
    <message>
        <source>The download of %1 waits</source>
        <translation>Der Download von %1 wartet</translation>
    </message>
    <message>
        <source>Checking %1</source>
        <translation>%1 wird geprüft</translation>
    </message>
    <message>
        <source>less than a minute left</source>
        <translation>noch weniger als eine Minute</translation>
    </message>
    <message>
        <source>about a minute left</source>
        <translation>noch etwa eine Minute</translation>
    </message>
    <message numerus="yes">
        <source>about %n minute(s) left</source>
        <translation>
            <numerusform>noch etwa %n Minute</numerusform>
            <numerusform>noch etwa %n Minuten</numerusform>
        </translation>
    </message>
    <message>
        <source>more than a day left</source>
        <translation>noch mehr als ein Tag</translation>
    </message>
    <message>
        <source>Stopping the download of %1</source>
        <translation>Der Download von %1 wird angehalten</translation>
    </message>
    <message>
        <source>The download of %1 is paused</source>
        <translation>Der Download von %1 ist angehalten</translation>
    </message>
    <message>
        <source>The download of %1 stopped</source>
        <translation>Der Download von %1 ist gescheitert</translation>
    </message>
    <message>
        <source>%1 is on this computer</source>
        <translation>%1 ist auf diesem Rechner</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Herunterladen</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Use it now</source>
        <translation>Jetzt verwenden</translation>
    </message>
    <message>
        <source>%1, checked by its SHA-256</source>
        <translation>%1, geprüft anhand der SHA-256-Summe</translation>
    </message>
    <message>
        <source>%1 Next attempt in %2 s.</source>
        <translation>%1 Nächster Versuch in %2 s.</translation>
    </message>
    <message>
        <source>another Lares is downloading this file; what it has was not removed</source>
        <translation>ein anderes Lares lädt diese Datei gerade herunter; was es hat, wurde nicht entfernt</translation>
    </message>
    <message>
        <source>cannot remove %1</source>
        <translation>%1 kann nicht entfernt werden</translation>
    </message>
</context>
<context>
    <name>DownloadFailure</name>
    <message>
        <source>The proxy of this network does not let the download through: %1. Look at the proxy in the system&apos;s settings, then try again.</source>
        <translation>Der Proxy dieses Netzwerks lässt den Download nicht durch: %1. Prüfen Sie den Proxy in den Systemeinstellungen und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>The connection to %1 broke off.</source>
        <translation>Die Verbindung zu %1 ist abgebrochen.</translation>
    </message>
    <message>
        <source>The connection to %1 could not be trusted: %2. Check that the date of this computer is right and that no filter sits in its network, then try again.</source>
        <translation>Der Verbindung zu %1 war nicht zu trauen: %2. Prüfen Sie, ob das Datum dieses Rechners stimmt und kein Filter in seinem Netzwerk sitzt, und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>%1 was not found: this computer seems to have no network.</source>
        <translation>%1 wurde nicht gefunden: Dieser Rechner scheint kein Netzwerk zu haben.</translation>
    </message>
    <message>
        <source>%1 does not take the connection.</source>
        <translation>%1 nimmt die Verbindung nicht an.</translation>
    </message>
</context>
<context>
    <name>DownloadFetch</name>
    <message>
        <source>%1 sends the download in circles. Try again later.</source>
        <translation>%1 schickt den Download im Kreis. Versuchen Sie es später noch einmal.</translation>
    </message>
    <message>
        <source>%1 wants to send the download elsewhere, which was not followed: %2. A network that wants a login does that: open a page in your browser, then try again.</source>
        <translation>%1 will den Download anderswohin leiten; dem wurde nicht gefolgt: %2. Netzwerke, die eine Anmeldung verlangen, tun das: Öffnen Sie eine Seite in Ihrem Browser und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>%1 stopped sending.</source>
        <translation>%1 sendet nichts mehr.</translation>
    </message>
</context>
<context>
    <name>DownloadMain</name>
    <message>
        <source>Downloads one model for Lares, which starts this program and ends it. It says on stdout what it does, as a JSON object a line, and stops when its stdin ends.</source>
        <translation>Lädt ein Modell für Lares herunter, das dieses Programm startet und beendet. Es sagt auf der Standardausgabe, was es tut, mit einem JSON-Objekt je Zeile, und hört auf, wenn seine Standardeingabe endet.</translation>
    </message>
    <message>
        <source>Which one, by its id in the catalogue.</source>
        <translation>Welches, mit seiner Kennung im Katalog.</translation>
    </message>
    <message>
        <source>ID</source>
        <translation>KENNUNG</translation>
    </message>
    <message>
        <source>Where it goes.</source>
        <translation>Wohin es kommt.</translation>
    </message>
    <message>
        <source>DIR</source>
        <translation>ORDNER</translation>
    </message>
    <message>
        <source>Instead of the catalogue that is compiled in.</source>
        <translation>Statt des einkompilierten Katalogs.</translation>
    </message>
    <message>
        <source>FILE</source>
        <translation>DATEI</translation>
    </message>
    <message>
        <source>What its sentences are written in (usually as the system).</source>
        <translation>Sprache der Meldungen (sonst die des Systems).</translation>
    </message>
    <message>
        <source>LANGUAGE</source>
        <translation>SPRACHE</translation>
    </message>
    <message>
        <source>The catalogue has no model %1.</source>
        <translation>Im Katalog gibt es kein Modell %1.</translation>
    </message>
    <message>
        <source>The folder %1 cannot be made. Look whether what lies above it can be written to, then try again.</source>
        <translation>Der Ordner %1 kann nicht angelegt werden. Prüfen Sie, ob darüber geschrieben werden kann, und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>Another Lares is downloading this model already. Wait for it, or pause it there.</source>
        <translation>Ein anderes Lares lädt dieses Modell schon herunter. Warten Sie darauf oder halten Sie den Download dort an.</translation>
    </message>
    <message>
        <source>Nothing can be written to %1. Look who owns the folder, then try again.</source>
        <translation>In %1 kann nichts geschrieben werden. Prüfen Sie, wem der Ordner gehört, und versuchen Sie es erneut.</translation>
    </message>
</context>
<context>
    <name>DownloadReply</name>
    <message>
        <source>%1 sends another part of the file than it was asked for.</source>
        <translation>%1 sendet einen anderen Teil der Datei als den verlangten.</translation>
    </message>
    <message>
        <source>The network answered with a web page instead of the file. It may want you to log in: open a page in your browser, then try again.</source>
        <translation>Das Netzwerk hat statt der Datei eine Webseite geschickt. Vielleicht verlangt es eine Anmeldung: Öffnen Sie eine Seite in Ihrem Browser und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>The file would arrive changed (packed as %1), so it was not taken. A filter in the network may do that: try another network.</source>
        <translation>Die Datei käme verändert an (gepackt als %1) und wurde deshalb nicht angenommen. Ein Filter im Netzwerk kann die Ursache sein: Versuchen Sie es in einem anderen Netzwerk.</translation>
    </message>
    <message>
        <source>%1 offers a file of another size than the one that Lares knows, so it was not taken. Try again later; if it stays so, a newer Lares is needed.</source>
        <translation>%1 bietet eine Datei von anderer Größe an als die, die Lares kennt; sie wurde deshalb nicht angenommen. Versuchen Sie es später noch einmal; bleibt es dabei, wird ein neueres Lares gebraucht.</translation>
    </message>
    <message>
        <source>%1 does not have the file any more. Look for it in your browser and choose it with “I have the file”; a newer Lares may know where it is.</source>
        <translation>%1 hat die Datei nicht mehr. Suchen Sie sie mit Ihrem Browser und wählen Sie sie mit „Ich habe die Datei“ aus; ein neueres Lares weiß vielleicht, wo sie ist.</translation>
    </message>
    <message>
        <source>%1 is busy.</source>
        <translation>%1 ist überlastet.</translation>
    </message>
    <message>
        <source>%1 has a fault of its own (%2).</source>
        <translation>%1 hat selbst eine Störung (%2).</translation>
    </message>
    <message>
        <source>%1 does not hand the file out (%2). Get it in your browser and choose it with “I have the file”.</source>
        <translation>%1 gibt die Datei nicht heraus (%2). Holen Sie sie mit Ihrem Browser und wählen Sie sie mit „Ich habe die Datei“ aus.</translation>
    </message>
    <message>
        <source>%1 answered in a way that makes no sense here (%2). Try again later.</source>
        <translation>%1 hat unverständlich geantwortet (%2). Versuchen Sie es später noch einmal.</translation>
    </message>
</context>
<context>
    <name>Downloader</name>
    <message>
        <source>%1 is there already and is another file. Move it away, then try again.</source>
        <translation>%1 ist schon da und ist eine andere Datei. Verschieben Sie sie und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>%1 is there already, and its contents are not those of the model. Move it away, then try again.</source>
        <translation>%1 ist schon da, aber ihr Inhalt ist nicht der des Modells. Verschieben Sie sie und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>More bytes came than the file has, so it is not the model and was removed. Try again later.</source>
        <translation>Es kamen mehr Bytes an, als die Datei hat; es ist also nicht das Modell und wurde entfernt. Versuchen Sie es später noch einmal.</translation>
    </message>
    <message>
        <source>What arrived is not the model: its SHA-256 is another one, so it was removed. Something on the way changes files; try again, or in another network.</source>
        <translation>Was ankam, ist nicht das Modell: Die SHA-256-Summe ist eine andere, deshalb wurde es entfernt. Etwas unterwegs verändert Dateien; versuchen Sie es erneut oder in einem anderen Netzwerk.</translation>
    </message>
    <message numerus="yes">
        <source>It was tried %n time(s). What is there is kept: try again later.</source>
        <translation>
            <numerusform>Es wurde %n-mal versucht. Was da ist, bleibt: Versuchen Sie es später noch einmal.</numerusform>
            <numerusform>Es wurde %n-mal versucht. Was da ist, bleibt: Versuchen Sie es später noch einmal.</numerusform>
        </translation>
    </message>
    <message>
        <source>There is not enough room for the model in %1: %2 more are needed, %3 are free. What is there is kept: make room, then go on.</source>
        <translation>In %1 ist nicht genug Platz für das Modell: %2 mehr werden gebraucht, %3 sind frei. Was da ist, bleibt: Schaffen Sie Platz und setzen Sie den Download dann fort.</translation>
    </message>
    <message>
        <source>The file could not be written: %1. Look whether the folder can be written to, then try again.</source>
        <translation>Die Datei konnte nicht geschrieben werden: %1. Prüfen Sie, ob in den Ordner geschrieben werden kann, und versuchen Sie es erneut.</translation>
    </message>
</context>
<context>
    <name>Export</name>
    <message>
        <source>Conversation</source>
        <translation>Unterhaltung</translation>
    </message>
    <message>
        <source>%1 could not be written: %2. Nothing was changed there; make room, or choose another folder.</source>
        <translation>%1 konnte nicht geschrieben werden: %2. Dort wurde nichts geändert; schaffen Sie Platz oder wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>Markdown (*.md)</source>
        <translation>Markdown (*.md)</translation>
    </message>
    <message>
        <source>Web page (*.html)</source>
        <translation>Webseite (*.html)</translation>
    </message>
    <message>
        <source>PDF (*.pdf)</source>
        <translation>PDF (*.pdf)</translation>
    </message>
    <message>
        <source>Plain text (*.txt)</source>
        <translation>Reiner Text (*.txt)</translation>
    </message>
    <message>
        <source>Lares, to be imported again (*.json)</source>
        <translation>Lares, zum Wiedereinlesen (*.json)</translation>
    </message>
    <message>
        <source>Markdown with thinking (*.md)</source>
        <translation>Markdown mit Gedankengang (*.md)</translation>
    </message>
    <message>
        <source>Web page with thinking (*.html)</source>
        <translation>Webseite mit Gedankengang (*.html)</translation>
    </message>
    <message>
        <source>PDF with thinking (*.pdf)</source>
        <translation>PDF mit Gedankengang (*.pdf)</translation>
    </message>
    <message>
        <source>Plain text with thinking (*.txt)</source>
        <translation>Reiner Text mit Gedankengang (*.txt)</translation>
    </message>
    <message>
        <source>Assistant</source>
        <translation>Assistent</translation>
    </message>
    <message>
        <source>A tool call that could not be read</source>
        <translation>Ein Werkzeugaufruf, der nicht lesbar ist</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 bis %2</translation>
    </message>
    <message numerus="yes">
        <source>%Ln message(s)</source>
        <translation>
            <numerusform>%Ln Nachricht</numerusform>
            <numerusform>%Ln Nachrichten</numerusform>
        </translation>
    </message>
    <message>
        <source>You</source>
        <translation>Sie</translation>
    </message>
</context>
<context>
    <name>Files</name>
    <message>
        <source>the disk has no room for all of it</source>
        <translation>auf dem Datenträger ist nicht genug Platz dafür</translation>
    </message>
</context>
<context>
    <name>Folders</name>
    <message>
        <source>New folder</source>
        <translation>Neuer Ordner</translation>
    </message>
</context>
<context>
    <name>Import</name>
    <message>
        <source>one of its messages has too many parts</source>
        <translation>eine ihrer Nachrichten hat zu viele Teile</translation>
    </message>
    <message>
        <source>it is no conversation of ChatGPT</source>
        <translation>sie ist keine Unterhaltung von ChatGPT</translation>
    </message>
    <message>
        <source>it holds no conversations that Lares, ChatGPT or LM Studio wrote</source>
        <translation>sie enthält keine Unterhaltungen, die Lares, ChatGPT oder LM Studio geschrieben hat</translation>
    </message>
    <message>
        <source>it does not say in which version it was written</source>
        <translation>es steht nicht darin, in welcher Version sie geschrieben wurde</translation>
    </message>
    <message>
        <source>a newer version of Lares wrote it; update Lares first</source>
        <translation>eine neuere Version von Lares hat sie geschrieben; aktualisieren Sie zuerst Lares</translation>
    </message>
    <message>
        <source>“%1” is “%2”, which this version of Lares does not know</source>
        <translation>„%1“ ist „%2“, was diese Version von Lares nicht kennt</translation>
    </message>
    <message>
        <source>message %1 is not where it belongs</source>
        <translation>Nachricht %1 steht nicht dort, wo sie hingehört</translation>
    </message>
    <message>
        <source>message %1 has too many parts</source>
        <translation>Nachricht %1 hat zu viele Teile</translation>
    </message>
    <message>
        <source>it holds no message</source>
        <translation>sie enthält keine Nachricht</translation>
    </message>
    <message>
        <source>it has too many messages</source>
        <translation>sie hat zu viele Nachrichten</translation>
    </message>
    <message numerus="yes">
        <source>%Ln picture(s) or other file(s)</source>
        <translation>
            <numerusform>%Ln Bild oder andere Datei</numerusform>
            <numerusform>%Ln Bilder oder andere Dateien</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln step(s) of tools</source>
        <translation>
            <numerusform>%Ln Werkzeugschritt</numerusform>
            <numerusform>%Ln Werkzeugschritte</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln text(s) of instructions</source>
        <translation>
            <numerusform>%Ln Text mit Anweisungen</numerusform>
            <numerusform>%Ln Texte mit Anweisungen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Imported %Ln conversation(s).</source>
        <translation>
            <numerusform>%Ln Unterhaltung importiert.</numerusform>
            <numerusform>%Ln Unterhaltungen importiert.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln (was|were) here already, so (it was left as it is|they were left as they are).</source>
        <translation>
            <numerusform>%Ln war schon da und blieb, wie sie ist.</numerusform>
            <numerusform>%Ln waren schon da und blieben, wie sie sind.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln persona(s) came along.</source>
        <translation>
            <numerusform>%Ln Persona kam mit.</numerusform>
            <numerusform>%Ln Personas kamen mit.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln note(s) came along.</source>
        <translation>
            <numerusform>%Ln Notiz kam mit.</numerusform>
            <numerusform>%Ln Notizen kamen mit.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln persona(s) or note(s) could not be read.</source>
        <translation>
            <numerusform>%Ln Persona oder Notiz war nicht lesbar.</numerusform>
            <numerusform>%Ln Personas oder Notizen waren nicht lesbar.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln persona(s) or note(s) (was|were) not kept: %1</source>
        <translation>
            <numerusform>%Ln Persona oder Notiz wurde nicht behalten: %1</numerusform>
            <numerusform>%Ln Personas oder Notizen wurden nicht behalten: %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln could not be read: %1; and others.</source>
        <translation>
            <numerusform>%Ln war nicht lesbar: %1; und andere.</numerusform>
            <numerusform>%Ln waren nicht lesbar: %1; und andere.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln could not be read: %1.</source>
        <translation>
            <numerusform>%Ln war nicht lesbar: %1.</numerusform>
            <numerusform>%Ln waren nicht lesbar: %1.</numerusform>
        </translation>
    </message>
    <message>
        <source>Left out, because Lares keeps texts alone: %1.</source>
        <translation>Weggelassen, weil Lares nur Texte aufbewahrt: %1.</translation>
    </message>
    <message>
        <source>Left out, because this version of Lares does not know it: %1.</source>
        <translation>Weggelassen, weil diese Version von Lares es nicht kennt: %1.</translation>
    </message>
    <message>
        <source>The file is not whole: it ends before its end. What stood before that was read; look for a better copy of it.</source>
        <translation>Die Datei ist nicht vollständig: Sie bricht vorzeitig ab. Was davor stand, wurde gelesen; suchen Sie nach einer besseren Kopie.</translation>
    </message>
    <message>
        <source>There is nothing new in the file.</source>
        <translation>In der Datei ist nichts Neues.</translation>
    </message>
    <message>
        <source>Nothing was imported.</source>
        <translation>Es wurde nichts importiert.</translation>
    </message>
    <message>
        <source>“%1” is no text</source>
        <translation>„%1“ ist kein Text</translation>
    </message>
    <message>
        <source>“%1” is too long</source>
        <translation>„%1“ ist zu lang</translation>
    </message>
    <message>
        <source>“%1” is no time</source>
        <translation>„%1“ ist keine Zeitangabe</translation>
    </message>
</context>
<context>
    <name>Lore</name>
    <message>
        <source>Lore: %1</source>
        <translation>Hintergrund: %1</translation>
    </message>
    <message numerus="yes">
        <source>patterns in place of words, of %Ln lore entr(y|ies)</source>
        <translation>
            <numerusform>Suchmuster statt Wörtern bei %Ln Hintergrundeintrag</numerusform>
            <numerusform>Suchmuster statt Wörtern bei %Ln Hintergrundeinträgen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln lore entr(y|ies) that other words keep away</source>
        <translation>
            <numerusform>%Ln Hintergrundeintrag, den andere Wörter fernhalten</numerusform>
            <numerusform>%Ln Hintergrundeinträge, die andere Wörter fernhalten</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>the decorators (@@) of %Ln lore entr(y|ies)</source>
        <translation>
            <numerusform>die Zusätze (@@) von %Ln Hintergrundeintrag</numerusform>
            <numerusform>die Zusätze (@@) von %Ln Hintergrundeinträgen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>the chance with which it comes, of %Ln lore entr(y|ies)</source>
        <translation>
            <numerusform>die Wahrscheinlichkeit von %Ln Hintergrundeintrag</numerusform>
            <numerusform>die Wahrscheinlichkeit von %Ln Hintergrundeinträgen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>where %Ln lore entr(y|ies) would stand</source>
        <translation>
            <numerusform>die Stelle von %Ln Hintergrundeintrag</numerusform>
            <numerusform>die Stelle von %Ln Hintergrundeinträgen</numerusform>
        </translation>
    </message>
    <message>
        <source>how far back its lore book looks</source>
        <translation>wie weit ihr Hintergrund zurückblickt</translation>
    </message>
    <message>
        <source>the name and description of its lore book</source>
        <translation>Name und Beschreibung ihres Hintergrunds</translation>
    </message>
    <message>
        <source>what other programs keep in its lore book</source>
        <translation>was andere Programme in ihrem Hintergrund ablegen</translation>
    </message>
    <message numerus="yes">
        <source>%Ln lore entr(y|ies) without text or words</source>
        <translation>
            <numerusform>%Ln Hintergrundeintrag ohne Text oder Wörter</numerusform>
            <numerusform>%Ln Hintergrundeinträge ohne Text oder Wörter</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>the end of %Ln long lore entr(y|ies)</source>
        <translation>
            <numerusform>das Ende von %Ln langem Hintergrundeintrag</numerusform>
            <numerusform>das Ende von %Ln langen Hintergrundeinträgen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln lore entr(y|ies) for which there is no room</source>
        <translation>
            <numerusform>%Ln Hintergrundeintrag, für den kein Platz ist</numerusform>
            <numerusform>%Ln Hintergrundeinträge, für die kein Platz ist</numerusform>
        </translation>
    </message>
    <message>
        <source>It needs a text. Write one, or remove it.</source>
        <translation>Er braucht einen Text. Schreiben Sie einen, oder entfernen Sie ihn.</translation>
    </message>
    <message>
        <source>It needs words that bring it. Write some, or have it always read.</source>
        <translation>Er braucht Wörter, die ihn bringen. Schreiben Sie welche, oder lassen Sie ihn immer lesen.</translation>
    </message>
    <message>
        <source>Its text is too long: %1 of %2 characters. Shorten it.</source>
        <translation>Sein Text ist zu lang: %1 von %2 Zeichen. Kürzen Sie ihn.</translation>
    </message>
    <message>
        <source>Its name is too long: %1 of %2 characters. Shorten it.</source>
        <translation>Sein Name ist zu lang: %1 von %2 Zeichen. Kürzen Sie ihn.</translation>
    </message>
    <message>
        <source>There is room for %1 words of up to %2 characters. Shorten the list.</source>
        <translation>Platz ist für %1 Wörter mit bis zu %2 Zeichen. Kürzen Sie die Liste.</translation>
    </message>
    <message>
        <source>Lore entry %1:</source>
        <translation>Hintergrundeintrag %1:</translation>
    </message>
    <message>
        <source>Lore entry “%1”:</source>
        <translation>Hintergrundeintrag „%1“:</translation>
    </message>
    <message>
        <source>What is always read of the lore is too long: %1 of %2 characters. Shorten it, or let words bring some of it.</source>
        <translation>Was vom Hintergrund immer gelesen wird, ist zu lang: %1 von %2 Zeichen. Kürzen Sie es, oder lassen Sie einen Teil davon von Wörtern bringen.</translation>
    </message>
    <message>
        <source>The lore is too long: there is room for %1 entries, %2 words and %3 characters. Remove or shorten some of it to save.</source>
        <translation>Der Hintergrund ist zu lang: Platz ist für %1 Einträge, %2 Wörter und %3 Zeichen. Entfernen oder kürzen Sie etwas davon, um zu speichern.</translation>
    </message>
</context>
<context>
    <name>MessageContent</name>
    <message>
        <source>Thinking… %1 s</source>
        <translation>Denkt nach… %1 s</translation>
    </message>
    <message>
        <source>Thinking…</source>
        <translation>Denkt nach…</translation>
    </message>
    <message>
        <source>Thought</source>
        <translation>Nachgedacht</translation>
    </message>
    <message>
        <source>Thought for less than a second</source>
        <translation>Weniger als eine Sekunde nachgedacht</translation>
    </message>
    <message>
        <source>Thought for %1 s</source>
        <translation>%1 s nachgedacht</translation>
    </message>
    <message>
        <source>Thought for %1 min %2 s</source>
        <translation>%1 min %2 s nachgedacht</translation>
    </message>
    <message>
        <source>allowed once</source>
        <translation>einmal erlaubt</translation>
    </message>
    <message>
        <source>allowed for this conversation</source>
        <translation>für diese Unterhaltung erlaubt</translation>
    </message>
    <message>
        <source>always allowed</source>
        <translation>immer erlaubt</translation>
    </message>
    <message>
        <source>allowed earlier</source>
        <translation>früher erlaubt</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message numerus="yes">
        <source>Undo %Ln change(s)</source>
        <translation>
            <numerusform>%Ln Änderung rückgängig machen</numerusform>
            <numerusform>%Ln Änderungen rückgängig machen</numerusform>
        </translation>
    </message>
    <message>
        <source>waiting for you</source>
        <translation>wartet auf Sie</translation>
    </message>
    <message>
        <source>running</source>
        <translation>läuft</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <source>not allowed</source>
        <translation>nicht erlaubt</translation>
    </message>
    <message>
        <source>undone</source>
        <translation>rückgängig gemacht</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation>%1 min %2 s</translation>
    </message>
    <message>
        <source>The summary of what is above is being written again</source>
        <translation>Die Zusammenfassung des Obigen wird neu geschrieben</translation>
    </message>
    <message>
        <source>What is above is left out: the model could not sum it up</source>
        <translation>Was oben steht, ist ausgelassen: Das Modell konnte es nicht zusammenfassen</translation>
    </message>
    <message>
        <source>What is above is read as a summary; some of it is left out</source>
        <translation>Was oben steht, wird als Zusammenfassung gelesen; einiges fehlt darin</translation>
    </message>
    <message>
        <source>What is above is read as a summary</source>
        <translation>Was oben steht, wird als Zusammenfassung gelesen</translation>
    </message>
    <message>
        <source>All of it stays here and is found by a search. The model no longer reads it, since it is longer than the model&apos;s context.</source>
        <translation>Alles bleibt hier und wird von der Suche gefunden. Das Modell liest es nicht mehr, weil es länger ist als der Kontext des Modells.</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stopp</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Write it again</source>
        <translation>Neu schreiben</translation>
    </message>
    <message>
        <source>Read everything again</source>
        <translation>Alles noch einmal lesen</translation>
    </message>
    <message>
        <source>Assistant</source>
        <translation>Assistent</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>Changes</source>
        <translation>Änderungen</translation>
    </message>
    <message>
        <source>Arguments</source>
        <translation>Argumente</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>Vergessen</translation>
    </message>
    <message>
        <source>forgotten</source>
        <translation>vergessen</translation>
    </message>
</context>
<context>
    <name>NetworkProof</name>
    <message>
        <source>This system does not tell a program which connections it has open, so there is nothing to show here. A network monitor can.</source>
        <translation>Dieses System sagt einem Programm nicht, welche Verbindungen es offen hat; hier gibt es also nichts zu zeigen. Ein Netzwerkmonitor kann es.</translation>
    </message>
    <message>
        <source>Network connections that Lares has open right now: none.</source>
        <translation>Netzwerkverbindungen, die Lares gerade offen hat: keine.</translation>
    </message>
    <message>
        <source>Network connections that Lares has open right now: %1. That should be none; please report it.</source>
        <translation>Netzwerkverbindungen, die Lares gerade offen hat: %1. Das sollten keine sein; bitte melden Sie es.</translation>
    </message>
    <message>
        <source>Connections to programs on this computer (the screen, the desktop): %1.</source>
        <translation>Verbindungen zu Programmen auf diesem Rechner (Bildschirm, Desktop): %1.</translation>
    </message>
    <message>
        <source>Of a kind that the system does not name: %1.</source>
        <translation>Von einer Art, die das System nicht benennt: %1.</translation>
    </message>
    <message>
        <source>Read just now from /proc/self/fd and /proc/self/net, which anybody can look at from outside too: ss -xtup | grep lares</source>
        <translation>Gerade eben aus /proc/self/fd und /proc/self/net gelesen, was jeder auch von außen nachsehen kann: ss -xtup | grep lares</translation>
    </message>
</context>
<context>
    <name>Notes</name>
    <message>
        <source>A note needs a text. Write one to save it.</source>
        <translation>Eine Notiz braucht einen Text. Schreiben Sie einen, um sie zu speichern.</translation>
    </message>
    <message>
        <source>The note is too long: %1 of %2 characters. Shorten it to save.</source>
        <translation>Die Notiz ist zu lang: %1 von %2 Zeichen. Kürzen Sie sie, um sie zu speichern.</translation>
    </message>
    <message>
        <source>There are %1 notes, and there is room for no more. Forget one to save this.</source>
        <translation>Es gibt %1 Notizen und für weitere ist kein Platz. Löschen Sie eine, um diese zu speichern.</translation>
    </message>
</context>
<context>
    <name>OpenSource</name>
    <message>
        <source>%1 is not there any more.</source>
        <translation>%1 ist nicht mehr da.</translation>
    </message>
    <message>
        <source>No program of the desktop opens %1.</source>
        <translation>Kein Programm des Desktops öffnet %1.</translation>
    </message>
    <message>
        <source>That conversation was deleted. Settings brings back what is still in the trash.</source>
        <translation>Diese Unterhaltung wurde gelöscht. Was noch im Papierkorb ist, holen die Einstellungen zurück.</translation>
    </message>
</context>
<context>
    <name>PermissionQuestion</name>
    <message>
        <source>Reads only. Nothing is changed.</source>
        <translation>Liest nur. Es wird nichts geändert.</translation>
    </message>
    <message>
        <source>Changes files. You can undo all of it afterwards.</source>
        <translation>Ändert Dateien. Sie können danach alles rückgängig machen.</translation>
    </message>
    <message>
        <source>Touches no files.</source>
        <translation>Berührt keine Dateien.</translation>
    </message>
    <message>
        <source>Runs in a sandbox without a network, on a copy of this folder and nothing else of yours. What it changes is then put in place; you can undo all of it.</source>
        <translation>Läuft ohne Netzwerk in einer Sandbox, auf einer Kopie dieses Ordners und mit nichts anderem von Ihnen. Änderungen werden danach übernommen; Sie können alle rückgängig machen.</translation>
    </message>
    <message>
        <source>Runs in a sandbox without a network. It can read this folder and nothing else of yours, and change nothing.</source>
        <translation>Läuft ohne Netzwerk in einer Sandbox. Liest diesen Ordner und sonst nichts von Ihnen und kann nichts ändern.</translation>
    </message>
    <message>
        <source>Asks a tool server of yours, which may keep what it is told. It runs in a sandbox without a network, and reads and changes no file of yours.</source>
        <translation>Fragt einen Ihrer Werkzeugserver, der behalten kann, was er erfährt. Er läuft ohne Netzwerk in einer Sandbox und liest und ändert keine Ihrer Dateien.</translation>
    </message>
    <message>
        <source>Asks a tool server of yours, which may keep what it is told. It runs in a sandbox without a network; it can read the folders that you gave it, and changes no file of yours.</source>
        <translation>Fragt einen Ihrer Werkzeugserver, der behalten kann, was er erfährt. Er läuft ohne Netzwerk in einer Sandbox, kann die Ordner lesen, die Sie ihm gegeben haben, und ändert keine Ihrer Dateien.</translation>
    </message>
    <message>
        <source>List the folder %1</source>
        <translation>Ordner %1 auflisten</translation>
    </message>
    <message>
        <source>Read the file %1</source>
        <translation>Datei %1 lesen</translation>
    </message>
    <message>
        <source>Search the folder %1</source>
        <translation>Ordner %1 durchsuchen</translation>
    </message>
    <message>
        <source>Search the files in %1</source>
        <translation>Dateien in %1 durchsuchen</translation>
    </message>
    <message>
        <source>Search the documents in %1</source>
        <translation>Dokumente in %1 durchsuchen</translation>
    </message>
    <message>
        <source>Run a command in %1</source>
        <translation>Befehl in %1 ausführen</translation>
    </message>
    <message>
        <source>Make the folder %1</source>
        <translation>Ordner %1 anlegen</translation>
    </message>
    <message>
        <source>Edit the file %1</source>
        <translation>Datei %1 bearbeiten</translation>
    </message>
    <message>
        <source>Replace the file %1</source>
        <translation>Datei %1 ersetzen</translation>
    </message>
    <message>
        <source>Write the file %1</source>
        <translation>Datei %1 schreiben</translation>
    </message>
    <message>
        <source>Rename %1 to %2</source>
        <translation>%1 in %2 umbenennen</translation>
    </message>
    <message>
        <source>Move %1 to %2</source>
        <translation>%1 nach %2 verschieben</translation>
    </message>
    <message>
        <source>Use %1 of %2</source>
        <translation>%1 von %2 verwenden</translation>
    </message>
    <message>
        <source>New conversations begin with it, until you forget it.</source>
        <translation>Neue Unterhaltungen beginnen damit, bis Sie es vergessen lassen.</translation>
    </message>
    <message>
        <source>Remember a note</source>
        <translation>Eine Notiz merken</translation>
    </message>
</context>
<context>
    <name>Personas</name>
    <message>
        <source>it is nested too deeply</source>
        <translation>sie ist zu tief verschachtelt</translation>
    </message>
    <message>
        <source>it holds more values than such a file may</source>
        <translation>sie enthält mehr Werte, als eine solche Datei darf</translation>
    </message>
    <message>
        <source>it is no JSON object</source>
        <translation>sie ist kein JSON-Objekt</translation>
    </message>
    <message>
        <source>another file has the same “id”</source>
        <translation>eine andere Datei hat dieselbe „id“</translation>
    </message>
    <message>
        <source>Hello, I am Lares. I run on this computer, and everything stays on this machine. What can I do for you?</source>
        <translation>Hallo, ich bin Lares. Ich laufe auf diesem Rechner, und alles bleibt hier. Was kann ich für Sie tun?</translation>
    </message>
    <message>
        <source>I am the Clerk. Files and folders; everything stays on this machine. What do you need?</source>
        <translation>Ich bin „The Clerk“, zuständig für Dateien und Ordner; alles bleibt auf diesem Rechner. Was brauchen Sie?</translation>
    </message>
    <message>
        <source>Hi, I am Robin! I live right here, and everything stays on this machine. What is on your mind?</source>
        <translation>Hallo, ich bin Robin! Ich wohne gleich hier, und alles bleibt auf diesem Rechner. Was beschäftigt Sie?</translation>
    </message>
    <message>
        <source>The persona in %1 was skipped: %2.</source>
        <translation>Die Persona in %1 wurde übersprungen: %2.</translation>
    </message>
    <message>
        <source>No persona was found in %1. Install Lares again.</source>
        <translation>In %1 wurde keine Persona gefunden. Installieren Sie Lares neu.</translation>
    </message>
    <message>
        <source>“%1” is no text</source>
        <translation>„%1“ ist kein Text</translation>
    </message>
    <message>
        <source>“%1” is longer than 256 kB</source>
        <translation>„%1“ ist länger als 256 kB</translation>
    </message>
    <message>
        <source>“name” is missing</source>
        <translation>„name“ fehlt</translation>
    </message>
    <message>
        <source>the end of its name</source>
        <translation>das Ende des Namens</translation>
    </message>
    <message>
        <source>the examples of its speech, for which there is no room</source>
        <translation>die Beispiele für die Sprechweise, für die kein Platz ist</translation>
    </message>
    <message>
        <source>its texts are too long together: %1 of %2 characters</source>
        <translation>die Texte sind zusammen zu lang: %1 von %2 Zeichen</translation>
    </message>
    <message>
        <source>the end of its greeting</source>
        <translation>das Ende der Begrüßung</translation>
    </message>
    <message numerus="yes">
        <source>%Ln other greeting(s)</source>
        <translation>
            <numerusform>%Ln weitere Begrüßung</numerusform>
            <numerusform>%Ln weitere Begrüßungen</numerusform>
        </translation>
    </message>
    <message>
        <source>its maker&apos;s notes</source>
        <translation>die Anmerkungen des Erstellers</translation>
    </message>
    <message>
        <source>who made it, its version and tags</source>
        <translation>wer sie erstellt hat, Version und Schlagwörter</translation>
    </message>
    <message>
        <source>pictures and sounds that it names</source>
        <translation>Bilder und Töne, die darin genannt werden</translation>
    </message>
    <message>
        <source>what other programs keep in it</source>
        <translation>was andere Programme darin aufbewahren</translation>
    </message>
    <message>
        <source>characters that nobody sees (%1)</source>
        <translation>Zeichen, die niemand sieht (%1)</translation>
    </message>
    <message>
        <source>unknown fields (%1)</source>
        <translation>unbekannte Felder (%1)</translation>
    </message>
    <message>
        <source>“%1” is missing</source>
        <translation>„%1“ fehlt</translation>
    </message>
    <message>
        <source>“%1” is too long</source>
        <translation>„%1“ ist zu lang</translation>
    </message>
    <message>
        <source>parameters that Lares does not have (%1)</source>
        <translation>Parameter, die Lares nicht hat (%1)</translation>
    </message>
    <message>
        <source>“id” may hold a–z, 0–9, - and _ only</source>
        <translation>„id“ darf nur a–z, 0–9, - und _ enthalten</translation>
    </message>
    <message>
        <source>“name” is empty</source>
        <translation>„name“ ist leer</translation>
    </message>
    <message>
        <source>it is no file</source>
        <translation>das ist keine Datei</translation>
    </message>
    <message>
        <source>the character in the picture is damaged</source>
        <translation>die Figur in dem Bild ist beschädigt</translation>
    </message>
    <message>
        <source>the picture holds no character</source>
        <translation>das Bild enthält keine Figur</translation>
    </message>
    <message>
        <source>its picture</source>
        <translation>das Bild</translation>
    </message>
    <message>
        <source>it is larger than 16 MB</source>
        <translation>sie ist größer als 16 MB</translation>
    </message>
    <message>
        <source>it is an archive, which Lares does not unpack: export the card as .json</source>
        <translation>sie ist ein Archiv, das Lares nicht entpackt: Exportieren Sie die Karte als .json</translation>
    </message>
    <message>
        <source>A persona needs a name. Write one to save it.</source>
        <translation>Eine Persona braucht einen Namen. Schreiben Sie einen, um sie zu speichern.</translation>
    </message>
    <message>
        <source>The name is too long: %1 of %2 characters. Shorten it to save.</source>
        <translation>Der Name ist zu lang: %1 von %2 Zeichen. Kürzen Sie ihn, um zu speichern.</translation>
    </message>
    <message>
        <source>The instructions are too long: %1 of %2 characters. Shorten them to save.</source>
        <translation>Die Anweisungen sind zu lang: %1 von %2 Zeichen. Kürzen Sie sie, um zu speichern.</translation>
    </message>
    <message>
        <source>The greeting is too long: %1 of %2 characters. Shorten it to save.</source>
        <translation>Die Begrüßung ist zu lang: %1 von %2 Zeichen. Kürzen Sie sie, um zu speichern.</translation>
    </message>
    <message>
        <source>the picture is cut off</source>
        <translation>das Bild ist abgeschnitten</translation>
    </message>
    <message>
        <source>the picture is damaged</source>
        <translation>das Bild ist beschädigt</translation>
    </message>
    <message>
        <source>it is no PNG picture</source>
        <translation>sie ist kein PNG-Bild</translation>
    </message>
    <message>
        <source>its character is compressed, which Lares does not unpack: export the card again, as .json</source>
        <translation>die Figur ist komprimiert, was Lares nicht entpackt: Exportieren Sie die Karte noch einmal, als .json</translation>
    </message>
    <message>
        <source>it is larger than 2 MB</source>
        <translation>sie ist größer als 2 MB</translation>
    </message>
</context>
<context>
    <name>PromptLines</name>
    <message>
        <source>left out of the next prompt</source>
        <translation>fehlt im nächsten Prompt</translation>
    </message>
    <message>
        <source>Restored up to here, read anew from here</source>
        <translation>Bis hier wiederhergestellt, ab hier neu gelesen</translation>
    </message>
    <message>
        <source>Instructions</source>
        <translation>Anweisungen</translation>
    </message>
    <message>
        <source>Tools it may ask for</source>
        <translation>Werkzeuge, um die es bitten kann</translation>
    </message>
    <message>
        <source>You</source>
        <translation>Sie</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Antwort</translation>
    </message>
    <message>
        <source>Thinking</source>
        <translation>Nachdenken</translation>
    </message>
    <message>
        <source>Result of a tool</source>
        <translation>Ergebnis eines Werkzeugs</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>Anderes</translation>
    </message>
    <message>
        <source>Here it begins to answer</source>
        <translation>Hier beginnt die Antwort</translation>
    </message>
    <message numerus="yes">
        <source>%Ln token(s)</source>
        <translation>
            <numerusform>%Ln Token</numerusform>
            <numerusform>%Ln Token</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>QCommandLineParser</name>
    <message>
        <source>Usage: %1</source>
        <translation>Aufruf: %1</translation>
    </message>
    <message>
        <source>[options]</source>
        <translation>[Optionen]</translation>
    </message>
    <message>
        <source>Options:</source>
        <translation>Optionen:</translation>
    </message>
    <message>
        <source>Arguments:</source>
        <translation>Argumente:</translation>
    </message>
    <message>
        <source>Displays help on commandline options.</source>
        <translation>Zeigt Hilfe zu den Optionen der Befehlszeile.</translation>
    </message>
    <message>
        <source>Displays help including Qt specific options.</source>
        <translation>Zeigt Hilfe, auch zu den Optionen von Qt.</translation>
    </message>
    <message>
        <source>Displays version information.</source>
        <translation>Zeigt die Version.</translation>
    </message>
    <message>
        <source>Unknown option &apos;%1&apos;.</source>
        <translation>Unbekannte Option „%1“.</translation>
    </message>
    <message>
        <source>Unknown options: %1.</source>
        <translation>Unbekannte Optionen: %1.</translation>
    </message>
    <message>
        <source>Missing value after &apos;%1&apos;.</source>
        <translation>Nach „%1“ fehlt ein Wert.</translation>
    </message>
    <message>
        <source>Unexpected value after &apos;%1&apos;.</source>
        <translation>Nach „%1“ darf kein Wert stehen.</translation>
    </message>
</context>
<context>
    <name>QDialogButtonBox</name>
    <message>
        <source>OK</source>
        <translation>OK</translation>
    </message>
</context>
<context>
    <name>QFileDialog</name>
    <message>
        <source>Look in:</source>
        <translation>Suchen in:</translation>
    </message>
    <message>
        <source>Directory:</source>
        <translation>Ordner:</translation>
    </message>
    <message>
        <source>File &amp;name:</source>
        <translation>Datei&amp;name:</translation>
    </message>
    <message>
        <source>Files of type:</source>
        <translation>Dateityp:</translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation>Ö&amp;ffnen</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>&amp;Speichern</translation>
    </message>
    <message>
        <source>&amp;Choose</source>
        <translation>Aus&amp;wählen</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Save As</source>
        <translation>Speichern unter</translation>
    </message>
    <message>
        <source>Find Directory</source>
        <translation>Ordner suchen</translation>
    </message>
    <message>
        <source>Show </source>
        <translation>Anzeigen </translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Go back</source>
        <translation>Zurückgehen</translation>
    </message>
    <message>
        <source>Forward</source>
        <translation>Vor</translation>
    </message>
    <message>
        <source>Go forward</source>
        <translation>Vorgehen</translation>
    </message>
    <message>
        <source>Parent Directory</source>
        <translation>Übergeordneter Ordner</translation>
    </message>
    <message>
        <source>Go to the parent directory</source>
        <translation>Zum übergeordneten Ordner</translation>
    </message>
    <message>
        <source>Create New Folder</source>
        <translation>Neuen Ordner anlegen</translation>
    </message>
    <message>
        <source>Create a New Folder</source>
        <translation>Einen neuen Ordner anlegen</translation>
    </message>
    <message>
        <source>New Folder</source>
        <translation>Neuer Ordner</translation>
    </message>
    <message>
        <source>&amp;New Folder</source>
        <translation>&amp;Neuer Ordner</translation>
    </message>
    <message>
        <source>List View</source>
        <translation>Liste</translation>
    </message>
    <message>
        <source>Change to list view mode</source>
        <translation>Zur Liste wechseln</translation>
    </message>
    <message>
        <source>Detail View</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>Change to detail view mode</source>
        <translation>Zu den Details wechseln</translation>
    </message>
    <message>
        <source>Sidebar</source>
        <translation>Seitenleiste</translation>
    </message>
    <message>
        <source>List of places and bookmarks</source>
        <translation>Orte und Lesezeichen</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>Dateien</translation>
    </message>
    <message>
        <source>Directories</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>All Files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Recent Places</source>
        <translation>Zuletzt verwendet</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>&amp;Rename</source>
        <translation>&amp;Umbenennen</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>&amp;Löschen</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Show &amp;hidden files</source>
        <translation>&amp;Verborgene Dateien anzeigen</translation>
    </message>
    <message>
        <source>%1 already exists.
Do you want to replace it?</source>
        <translation>%1 gibt es schon.
Soll es ersetzt werden?</translation>
    </message>
    <message>
        <source>%1
File not found.
Please verify the correct file name was given.</source>
        <translation>%1
Die Datei wurde nicht gefunden.
Prüfen Sie, ob der Dateiname stimmt.</translation>
    </message>
    <message>
        <source>%1
Directory not found.
Please verify the correct directory name was given.</source>
        <translation>%1
Der Ordner wurde nicht gefunden.
Prüfen Sie, ob der Name stimmt.</translation>
    </message>
    <message>
        <source>&apos;%1&apos; is write protected.
Do you want to delete it anyway?</source>
        <translation>„%1“ ist schreibgeschützt.
Trotzdem löschen?</translation>
    </message>
    <message>
        <source>Are you sure you want to delete &apos;%1&apos;?</source>
        <translation>„%1“ wirklich löschen?</translation>
    </message>
    <message>
        <source>Could not delete directory.</source>
        <translation>Der Ordner konnte nicht gelöscht werden.</translation>
    </message>
</context>
<context>
    <name>QFileSystemModel</name>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Typ</translation>
    </message>
    <message>
        <source>Date Modified</source>
        <translation>Geändert</translation>
    </message>
    <message>
        <source>Computer</source>
        <translation>Rechner</translation>
    </message>
    <message>
        <source>My Computer</source>
        <translation>Dieser Rechner</translation>
    </message>
</context>
<context>
    <name>QIODevice</name>
    <message>
        <source>Unknown error</source>
        <translation>Unbekannter Fehler</translation>
    </message>
    <message>
        <source>Permission denied</source>
        <translation>Keine Berechtigung</translation>
    </message>
    <message>
        <source>Too many open files</source>
        <translation>Zu viele offene Dateien</translation>
    </message>
    <message>
        <source>No such file or directory</source>
        <translation>Datei oder Ordner nicht gefunden</translation>
    </message>
    <message>
        <source>No space left on device</source>
        <translation>Auf dem Datenträger ist kein Platz mehr</translation>
    </message>
    <message>
        <source>file to open is a directory</source>
        <translation>das ist ein Ordner</translation>
    </message>
</context>
<context>
    <name>QLineEdit</name>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>Cu&amp;t</source>
        <translation>&amp;Ausschneiden</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>&amp;Paste</source>
        <translation>&amp;Einfügen</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Select All</source>
        <translation>Alles auswählen</translation>
    </message>
</context>
<context>
    <name>QPlatformTheme</name>
    <message>
        <source>OK</source>
        <translation>OK</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Save All</source>
        <translation>Alle speichern</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>&amp;Yes</source>
        <translation>&amp;Ja</translation>
    </message>
    <message>
        <source>Yes to &amp;All</source>
        <translation>Ja, &amp;alle</translation>
    </message>
    <message>
        <source>&amp;No</source>
        <translation>&amp;Nein</translation>
    </message>
    <message>
        <source>N&amp;o to All</source>
        <translation>N&amp;ein, keine</translation>
    </message>
    <message>
        <source>Abort</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Ignore</source>
        <translation>Ignorieren</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Hilfe</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>Anwenden</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>Zurücksetzen</translation>
    </message>
    <message>
        <source>Restore Defaults</source>
        <translation>Standardwerte</translation>
    </message>
</context>
<context>
    <name>QScrollBar</name>
    <message>
        <source>Scroll here</source>
        <translation>Hierher blättern</translation>
    </message>
    <message>
        <source>Left edge</source>
        <translation>Linker Rand</translation>
    </message>
    <message>
        <source>Top</source>
        <translation>Anfang</translation>
    </message>
    <message>
        <source>Right edge</source>
        <translation>Rechter Rand</translation>
    </message>
    <message>
        <source>Bottom</source>
        <translation>Ende</translation>
    </message>
    <message>
        <source>Page left</source>
        <translation>Eine Seite nach links</translation>
    </message>
    <message>
        <source>Page up</source>
        <translation>Eine Seite nach oben</translation>
    </message>
    <message>
        <source>Page right</source>
        <translation>Eine Seite nach rechts</translation>
    </message>
    <message>
        <source>Page down</source>
        <translation>Eine Seite nach unten</translation>
    </message>
    <message>
        <source>Scroll left</source>
        <translation>Nach links</translation>
    </message>
    <message>
        <source>Scroll up</source>
        <translation>Nach oben</translation>
    </message>
    <message>
        <source>Scroll right</source>
        <translation>Nach rechts</translation>
    </message>
    <message>
        <source>Scroll down</source>
        <translation>Nach unten</translation>
    </message>
</context>
<context>
    <name>QShortcut</name>
    <message>
        <source>Ctrl</source>
        <translation>Strg</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>Umschalt</translation>
    </message>
    <message>
        <source>Alt</source>
        <translation>Alt</translation>
    </message>
    <message>
        <source>Meta</source>
        <translation>Meta</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Tab</source>
        <translation>Tab</translation>
    </message>
    <message>
        <source>Return</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>Leertaste</translation>
    </message>
    <message>
        <source>Up</source>
        <translation>Hoch</translation>
    </message>
    <message>
        <source>Down</source>
        <translation>Runter</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>Links</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>Rechts</translation>
    </message>
    <message>
        <source>Home</source>
        <translation>Pos1</translation>
    </message>
    <message>
        <source>End</source>
        <translation>Ende</translation>
    </message>
    <message>
        <source>PgUp</source>
        <translation>Bild auf</translation>
    </message>
    <message>
        <source>PgDown</source>
        <translation>Bild ab</translation>
    </message>
    <message>
        <source>Del</source>
        <translation>Entf</translation>
    </message>
    <message>
        <source>Ins</source>
        <translation>Einfg</translation>
    </message>
    <message>
        <source>Backspace</source>
        <translation>Rücktaste</translation>
    </message>
</context>
<context>
    <name>QTabBar</name>
    <message>
        <source>Scroll Left</source>
        <translation>Nach links</translation>
    </message>
    <message>
        <source>Scroll Right</source>
        <translation>Nach rechts</translation>
    </message>
</context>
<context>
    <name>QWidgetTextControl</name>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>Cu&amp;t</source>
        <translation>&amp;Ausschneiden</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>Copy &amp;Link Location</source>
        <translation>&amp;Linkadresse kopieren</translation>
    </message>
    <message>
        <source>&amp;Paste</source>
        <translation>&amp;Einfügen</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Select All</source>
        <translation>Alles auswählen</translation>
    </message>
</context>
<context>
    <name>ReadBefore</name>
    <message>
        <source>the tool server %1</source>
        <translation>den Werkzeugserver %1</translation>
    </message>
    <message>
        <source>The model proposes this. It has read no file and no tool server here.</source>
        <translation>Das Modell schlägt dies vor. Es hat hier keine Datei und keinen Werkzeugserver gelesen.</translation>
    </message>
    <message>
        <source>%1 and %2 more</source>
        <translation>%1 und %2 weitere</translation>
    </message>
    <message>
        <source>The model proposes this. It has read %1 here, and any text can ask for a note: keep it only if you want it.</source>
        <translation>Das Modell schlägt dies vor. Es hat hier %1 gelesen, und jeder Text kann um eine Notiz bitten: Behalten Sie sie nur, wenn Sie sie wollen.</translation>
    </message>
    <message>
        <source>the conversation “%1”</source>
        <translation>die Unterhaltung „%1“</translation>
    </message>
</context>
<context>
    <name>RowPainter</name>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation>Details kopieren</translation>
    </message>
</context>
<context>
    <name>Store</name>
    <message>
        <source>The disk with your conversations is full (%1). Free some space and try again; what was saved before is safe.</source>
        <translation>Der Datenträger mit Ihren Unterhaltungen ist voll (%1). Schaffen Sie Platz und versuchen Sie es erneut; was vorher gespeichert wurde, ist sicher.</translation>
    </message>
    <message>
        <source>Another program uses your conversations (%1). Is Lares already running? Close it and try again.</source>
        <translation>Ein anderes Programm verwendet Ihre Unterhaltungen (%1). Läuft Lares schon? Schließen Sie es und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>The database of your conversations is damaged (%1). Quit Lares and start it again: it then puts it together again from its copies and from what can still be read.</source>
        <translation>Die Datenbank Ihrer Unterhaltungen ist beschädigt (%1). Beenden Sie Lares und starten Sie es wieder: Es setzt sie dann aus seinen Kopien und dem noch Lesbaren wieder zusammen.</translation>
    </message>
    <message>
        <source>The database of your conversations cannot be opened (%1). Check that the folder is there and that you may write into it.</source>
        <translation>Die Datenbank Ihrer Unterhaltungen kann nicht geöffnet werden (%1). Prüfen Sie, ob der Ordner da ist und ob Sie hineinschreiben dürfen.</translation>
    </message>
    <message>
        <source>There is not enough memory to save. Close other programs and try again.</source>
        <translation>Zum Speichern reicht der Arbeitsspeicher nicht. Schließen Sie andere Programme und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>This text is too long to be saved (over 1 GB). Shorten it and try again.</source>
        <translation>Dieser Text ist zu lang zum Speichern (über 1 GB). Kürzen Sie ihn und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>The disk with your conversations reports an error (%1: %2). Make sure that it is connected and try again.</source>
        <translation>Der Datenträger mit Ihren Unterhaltungen meldet einen Fehler (%1: %2). Prüfen Sie, ob er angeschlossen ist, und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>Your conversations could not be read or saved (%1: %2). Restart Lares; if it happens again, please report it.</source>
        <translation>Ihre Unterhaltungen konnten nicht gelesen oder gespeichert werden (%1: %2). Starten Sie Lares neu; geschieht es wieder, melden Sie es bitte.</translation>
    </message>
    <message>
        <source>The folder for your conversations cannot be made: %1 (%2). Check what is in its place and whether you may write there.</source>
        <translation>Der Ordner für Ihre Unterhaltungen kann nicht angelegt werden: %1 (%2). Prüfen Sie, was an seiner Stelle ist und ob Sie dort schreiben dürfen.</translation>
    </message>
    <message>
        <source>Your conversations can only be read, not saved (%1). Give yourself the right to write to this file and its folder, then start Lares again.</source>
        <translation>Ihre Unterhaltungen können nur gelesen, nicht gespeichert werden (%1). Geben Sie sich das Recht, in diese Datei und ihren Ordner zu schreiben, und starten Sie Lares dann neu.</translation>
    </message>
    <message>
        <source>Your conversations were saved by a newer Lares (%1 has format %2, this program knows up to %3). Start the newer Lares; nothing was changed.</source>
        <translation>Ihre Unterhaltungen wurden von einem neueren Lares gespeichert (%1 hat Format %2, dieses Programm kennt bis %3). Starten Sie das neuere Lares; es wurde nichts geändert.</translation>
    </message>
    <message>
        <source>%1 is a database of another program. Move it to another place and start Lares again; nothing was changed.</source>
        <translation>%1 ist die Datenbank eines anderen Programms. Verschieben Sie sie an einen anderen Ort und starten Sie Lares neu; es wurde nichts geändert.</translation>
    </message>
    <message>
        <source>The database of your conversations is damaged and cannot be renamed: %1 (%2). Move it to another place and start Lares again.</source>
        <translation>Die Datenbank Ihrer Unterhaltungen ist beschädigt und kann nicht umbenannt werden: %1 (%2). Verschieben Sie sie an einen anderen Ort und starten Sie Lares neu.</translation>
    </message>
    <message>
        <source>It is deleted, but still in a copy of your conversations, which cannot be deleted: %1 (%2). Delete that file yourself.</source>
        <translation>Gelöscht, aber noch in einer Kopie Ihrer Unterhaltungen enthalten, die nicht gelöscht werden kann: %1 (%2). Löschen Sie diese Datei selbst.</translation>
    </message>
    <message>
        <source>Your conversations could not be read or saved (%1). Try again; if it happens again, restart Lares.</source>
        <translation>Ihre Unterhaltungen konnten nicht gelesen oder gespeichert werden (%1). Versuchen Sie es erneut; geschieht es wieder, starten Sie Lares neu.</translation>
    </message>
    <message>
        <source>The database of your conversations was damaged, and nothing in it could be read, so Lares started a new one. The old one is kept as %1; restore it from a backup if you have one.</source>
        <translation>Die Datenbank Ihrer Unterhaltungen war beschädigt und nichts darin lesbar, deshalb hat Lares eine neue begonnen. Die alte bleibt als %1 erhalten; stellen Sie sie aus einer Sicherung wieder her, wenn Sie eine haben.</translation>
    </message>
    <message>
        <source>The database of your conversations was damaged. Lares has put it together again from its copy of %1 and from what could still be read. Conversations: %2; messages newer than the copy: %3. Look whether the last ones are whole. Permissions for folders and commands are asked for again. The damaged file is kept as %4.</source>
        <translation>Die Datenbank Ihrer Unterhaltungen war beschädigt. Lares hat sie aus der Kopie von %1 und dem noch Lesbaren wieder zusammengesetzt. Unterhaltungen: %2; Nachrichten, die neuer sind als die Kopie: %3. Sehen Sie nach, ob die letzten vollständig sind. Nach Berechtigungen für Ordner und Befehle wird neu gefragt. Die beschädigte Datei bleibt als %4 erhalten.</translation>
    </message>
    <message>
        <source>The database of your conversations was damaged. Lares has put together again what could still be read of it. Conversations: %1; messages: %2. Some may be missing. Permissions for folders and commands are asked for again. The damaged file is kept as %3.</source>
        <translation>Die Datenbank Ihrer Unterhaltungen war beschädigt. Lares hat wieder zusammengesetzt, was davon noch lesbar war. Unterhaltungen: %1; Nachrichten: %2. Einige können fehlen. Nach Berechtigungen für Ordner und Befehle wird neu gefragt. Die beschädigte Datei bleibt als %3 erhalten.</translation>
    </message>
    <message>
        <source>Recovered conversation</source>
        <translation>Wiederhergestellte Unterhaltung</translation>
    </message>
    <message>
        <source>What stood here was lost when the database was damaged.</source>
        <translation>Was hier stand, ging verloren, als die Datenbank beschädigt wurde.</translation>
    </message>
</context>
<context>
    <name>TranscriptTarget</name>
    <message>
        <source>Copy details</source>
        <translation>Details kopieren</translation>
    </message>
    <message>
        <source>Open the source %1</source>
        <translation>Quelle %1 öffnen</translation>
    </message>
    <message>
        <source>Link to %1</source>
        <translation>Link zu %1</translation>
    </message>
    <message>
        <source>Copy code</source>
        <translation>Code kopieren</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1, %2</translation>
    </message>
    <message>
        <source>%1. Hide it</source>
        <translation>%1. Ausblenden</translation>
    </message>
    <message>
        <source>%1. Show it</source>
        <translation>%1. Einblenden</translation>
    </message>
    <message>
        <source>Hide %1, %2</source>
        <translation>%1 ausblenden, %2</translation>
    </message>
    <message>
        <source>Show %1, %2</source>
        <translation>%1 einblenden, %2</translation>
    </message>
    <message>
        <source>Open the conversation %1</source>
        <translation>Die Unterhaltung %1 öffnen</translation>
    </message>
</context>
<context>
    <name>WindowCommands</name>
    <message>
        <source>New conversation</source>
        <translation>Neue Unterhaltung</translation>
    </message>
    <message>
        <source>New temporary conversation</source>
        <translation>Neue temporäre Unterhaltung</translation>
    </message>
    <message>
        <source>private incognito unsaved secret</source>
        <translation>privat inkognito ungespeichert geheim</translation>
    </message>
    <message>
        <source>Next conversation</source>
        <translation>Nächste Unterhaltung</translation>
    </message>
    <message>
        <source>Previous conversation</source>
        <translation>Vorherige Unterhaltung</translation>
    </message>
    <message>
        <source>Find in this conversation</source>
        <translation>In dieser Unterhaltung suchen</translation>
    </message>
    <message>
        <source>search here</source>
        <translation>hier finden</translation>
    </message>
    <message>
        <source>Find the next place</source>
        <translation>Nächste Fundstelle</translation>
    </message>
    <message>
        <source>Find the previous place</source>
        <translation>Vorherige Fundstelle</translation>
    </message>
    <message>
        <source>Search titles and messages</source>
        <translation>Titel und Nachrichten durchsuchen</translation>
    </message>
    <message>
        <source>find everywhere</source>
        <translation>überall suchen finden</translation>
    </message>
    <message>
        <source>All commands and conversations</source>
        <translation>Alle Befehle und Unterhaltungen</translation>
    </message>
    <message>
        <source>palette go to</source>
        <translation>Palette gehe zu</translation>
    </message>
    <message>
        <source>Hide or show the list</source>
        <translation>Liste aus- oder einblenden</translation>
    </message>
    <message>
        <source>sidebar conversations</source>
        <translation>Seitenleiste Unterhaltungen</translation>
    </message>
    <message>
        <source>Hide or show the panel on the right</source>
        <translation>Bereich rechts aus- oder einblenden</translation>
    </message>
    <message>
        <source>sidebar</source>
        <translation>Seitenleiste</translation>
    </message>
    <message>
        <source>To the message field</source>
        <translation>Zum Nachrichtenfeld</translation>
    </message>
    <message>
        <source>write composer</source>
        <translation>schreiben eingeben</translation>
    </message>
    <message>
        <source>Attach files…</source>
        <translation>Dateien anhängen…</translation>
    </message>
    <message>
        <source>open add document text pdf</source>
        <translation>öffnen hinzufügen Dokument Text PDF</translation>
    </message>
    <message>
        <source>Edit the last message</source>
        <translation>Letzte Nachricht bearbeiten</translation>
    </message>
    <message>
        <source>Up, in an empty field</source>
        <translation>Pfeil hoch in leerem Feld</translation>
    </message>
    <message>
        <source>Stop the answer</source>
        <translation>Antwort stoppen</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Answer once more</source>
        <translation>Noch einmal antworten</translation>
    </message>
    <message>
        <source>regenerate again another version</source>
        <translation>neu generieren nochmal andere Version</translation>
    </message>
    <message>
        <source>Copy the last answer</source>
        <translation>Letzte Antwort kopieren</translation>
    </message>
    <message>
        <source>Undo what the last answer changed in files</source>
        <translation>Dateiänderungen der letzten Antwort rückgängig machen</translation>
    </message>
    <message>
        <source>take back</source>
        <translation>zurücknehmen</translation>
    </message>
    <message>
        <source>Allow or deny what is asked…</source>
        <translation>Anfrage erlauben oder ablehnen…</translation>
    </message>
    <message>
        <source>permission question</source>
        <translation>Berechtigung Frage</translation>
    </message>
    <message>
        <source>Rename the conversation, or the folder in the list</source>
        <translation>Unterhaltung oder Ordner in der Liste umbenennen</translation>
    </message>
    <message>
        <source>title</source>
        <translation>Titel</translation>
    </message>
    <message>
        <source>Pin or unpin the conversation</source>
        <translation>Unterhaltung anheften oder lösen</translation>
    </message>
    <message>
        <source>Export the conversation…</source>
        <translation>Unterhaltung exportieren…</translation>
    </message>
    <message>
        <source>save as file markdown html pdf text json</source>
        <translation>speichern als Datei Markdown HTML PDF Text JSON</translation>
    </message>
    <message>
        <source>Print the conversation</source>
        <translation>Unterhaltung drucken</translation>
    </message>
    <message>
        <source>paper pdf</source>
        <translation>Papier PDF</translation>
    </message>
    <message>
        <source>Duplicate the conversation</source>
        <translation>Unterhaltung duplizieren</translation>
    </message>
    <message>
        <source>copy clone</source>
        <translation>kopieren klonen</translation>
    </message>
    <message>
        <source>Delete the conversation</source>
        <translation>Unterhaltung löschen</translation>
    </message>
    <message>
        <source>remove trash throw away close</source>
        <translation>entfernen Papierkorb wegwerfen schließen</translation>
    </message>
    <message>
        <source>Keep this temporary conversation</source>
        <translation>Diese temporäre Unterhaltung behalten</translation>
    </message>
    <message>
        <source>save</source>
        <translation>speichern</translation>
    </message>
    <message>
        <source>Remember this…</source>
        <translation>Das merken…</translation>
    </message>
    <message>
        <source>note memory selection message keep</source>
        <translation>Notiz Gedächtnis Auswahl Nachricht behalten</translation>
    </message>
    <message>
        <source>Use the present notes here</source>
        <translation>Hier die aktuellen Notizen verwenden</translation>
    </message>
    <message>
        <source>memory remember read anew</source>
        <translation>Gedächtnis merken neu lesen</translation>
    </message>
    <message>
        <source>Turn thinking on or off</source>
        <translation>Nachdenken ein- oder ausschalten</translation>
    </message>
    <message>
        <source>reasoning</source>
        <translation>Gedankengang Reasoning</translation>
    </message>
    <message>
        <source>Tool activity</source>
        <translation>Werkzeugaktivität</translation>
    </message>
    <message>
        <source>panel calls</source>
        <translation>Bereich Aufrufe</translation>
    </message>
    <message>
        <source>Persona and parameters</source>
        <translation>Persona und Parameter</translation>
    </message>
    <message>
        <source>panel temperature sampling</source>
        <translation>Bereich Temperatur Sampling</translation>
    </message>
    <message>
        <source>What the model saw</source>
        <translation>Was das Modell sah</translation>
    </message>
    <message>
        <source>panel prompt</source>
        <translation>Bereich Prompt</translation>
    </message>
    <message>
        <source>Larger text</source>
        <translation>Größerer Text</translation>
    </message>
    <message>
        <source>zoom in font</source>
        <translation>vergrößern Zoom Schrift</translation>
    </message>
    <message>
        <source>Smaller text</source>
        <translation>Kleinerer Text</translation>
    </message>
    <message>
        <source>zoom out font</source>
        <translation>verkleinern Zoom Schrift</translation>
    </message>
    <message>
        <source>Text in its usual size</source>
        <translation>Text in üblicher Größe</translation>
    </message>
    <message>
        <source>zoom font</source>
        <translation>Zoom Schrift</translation>
    </message>
    <message>
        <source>Theme: as the system</source>
        <translation>Farbschema: wie das System</translation>
    </message>
    <message>
        <source>colours</source>
        <translation>Farben</translation>
    </message>
    <message>
        <source>Theme: light</source>
        <translation>Farbschema: hell</translation>
    </message>
    <message>
        <source>Theme: dark</source>
        <translation>Farbschema: dunkel</translation>
    </message>
    <message>
        <source>Theme: high contrast</source>
        <translation>Farbschema: hoher Kontrast</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>download settings</source>
        <translation>herunterladen Download Einstellungen</translation>
    </message>
    <message>
        <source>Choose a model file…</source>
        <translation>Modelldatei auswählen…</translation>
    </message>
    <message>
        <source>open load gguf</source>
        <translation>öffnen laden GGUF</translation>
    </message>
    <message>
        <source>Use the demo model</source>
        <translation>Demomodell verwenden</translation>
    </message>
    <message>
        <source>try load mini</source>
        <translation>ausprobieren laden Mini</translation>
    </message>
    <message>
        <source>Free the model&apos;s memory</source>
        <translation>Speicher des Modells freigeben</translation>
    </message>
    <message>
        <source>unload eject put away vram ram card</source>
        <translation>entladen auswerfen VRAM RAM Grafikkarte</translation>
    </message>
    <message>
        <source>Load the model again</source>
        <translation>Modell wieder laden</translation>
    </message>
    <message>
        <source>memory now</source>
        <translation>Speicher jetzt</translation>
    </message>
    <message>
        <source>Personas</source>
        <translation>Personas</translation>
    </message>
    <message>
        <source>edit import export</source>
        <translation>bearbeiten importieren exportieren</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Gedächtnis</translation>
    </message>
    <message>
        <source>notes remember forget what the assistant knows</source>
        <translation>Notizen merken vergessen was der Assistent weiß</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>preferences options language permissions grants import backup</source>
        <translation>Optionen Sprache Berechtigungen importieren Sicherung</translation>
    </message>
    <message>
        <source>All keys</source>
        <translation>Alle Tasten</translation>
    </message>
    <message>
        <source>help shortcuts</source>
        <translation>Hilfe Tastenkürzel</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>Send (Settings can make it Ctrl+Enter)</source>
        <translation>Senden (in den Einstellungen auch Strg+Enter)</translation>
    </message>
    <message>
        <source>Shift+Enter</source>
        <translation>Umschalt+Enter</translation>
    </message>
    <message>
        <source>New line</source>
        <translation>Neue Zeile</translation>
    </message>
    <message>
        <source>Cancel editing; end finding; leave page, palette or panel</source>
        <translation>Bearbeiten abbrechen; Suche beenden; Seite, Palette oder Bereich verlassen</translation>
    </message>
    <message>
        <source>Any letter</source>
        <translation>Jeder Buchstabe</translation>
    </message>
    <message>
        <source>To the message field, with that letter</source>
        <translation>Zum Nachrichtenfeld, mit diesem Buchstaben</translation>
    </message>
    <message>
        <source>Left, Right in the list</source>
        <translation>Links, rechts in der Liste</translation>
    </message>
    <message>
        <source>Fold, unfold a folder</source>
        <translation>Ordner zu- oder aufklappen</translation>
    </message>
    <message>
        <source>Arrows, Delete in attachments</source>
        <translation>Pfeile, Entf in Anhängen</translation>
    </message>
    <message>
        <source>Go along them, remove one</source>
        <translation>Durchgehen, einen entfernen</translation>
    </message>
    <message>
        <source>Y, A, N, W on a permission</source>
        <translation>Y, A, N, W bei einer Berechtigung</translation>
    </message>
    <message>
        <source>Allow once, for this conversation, deny, deny and say why</source>
        <translation>Einmal erlauben, für diese Unterhaltung, ablehnen, mit Grund ablehnen</translation>
    </message>
</context>
<context>
    <name>lares::app::ActivityPage</name>
    <message>
        <source>What the tools did</source>
        <translation>Was die Werkzeuge taten</translation>
    </message>
    <message>
        <source>About the chosen call</source>
        <translation>Zum gewählten Aufruf</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Changes</source>
        <translation>Änderungen</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>Abgelehnt</translation>
    </message>
    <message>
        <source>Show all tool calls</source>
        <translation>Alle Werkzeugaufrufe zeigen</translation>
    </message>
    <message>
        <source>Show what changed files</source>
        <translation>Zeigen, was Dateien geändert hat</translation>
    </message>
    <message>
        <source>Show what was not allowed</source>
        <translation>Zeigen, was nicht erlaubt wurde</translation>
    </message>
    <message>
        <source>No tool was used in this conversation. When the model asks for one, what it asked for, who allowed it and what came of it stand here.</source>
        <translation>In dieser Unterhaltung wurde kein Werkzeug verwendet. Wenn das Modell um eines bittet, steht hier, was es wollte, wer es erlaubt hat und was dabei herauskam.</translation>
    </message>
    <message>
        <source>Nothing was changed on your disk in this conversation.</source>
        <translation>In dieser Unterhaltung wurde auf Ihrem Datenträger nichts geändert.</translation>
    </message>
    <message>
        <source>Nothing was refused in this conversation.</source>
        <translation>In dieser Unterhaltung wurde nichts abgelehnt.</translation>
    </message>
    <message>
        <source>Tool: %1</source>
        <translation>Werkzeug: %1</translation>
    </message>
    <message>
        <source>On the disk: %1</source>
        <translation>Auf dem Datenträger: %1</translation>
    </message>
    <message numerus="yes">
        <source>Undo %Ln change(s) of this answer</source>
        <translation>
            <numerusform>%Ln Änderung rückgängig machen</numerusform>
            <numerusform>%Ln Änderungen rückgängig machen</numerusform>
        </translation>
    </message>
    <message>
        <source>What the model asked for</source>
        <translation>Worum das Modell gebeten hat</translation>
    </message>
    <message>
        <source>On your disk</source>
        <translation>Auf Ihrem Datenträger</translation>
    </message>
    <message>
        <source>Kept in its folders by</source>
        <translation>In seinen Ordnern gehalten durch</translation>
    </message>
    <message>
        <source>Result for the model, %1</source>
        <translation>Ergebnis für das Modell, %1</translation>
    </message>
    <message>
        <source>Result for the model</source>
        <translation>Ergebnis für das Modell</translation>
    </message>
</context>
<context>
    <name>lares::app::AnswerNotices</name>
    <message>
        <source>The answer is there.</source>
        <translation>Die Antwort ist da.</translation>
    </message>
    <message>
        <source>Your permission is needed to go on.</source>
        <translation>Um weiterzumachen, ist Ihre Erlaubnis nötig.</translation>
    </message>
    <message>
        <source>A temporary conversation</source>
        <translation>Eine temporäre Unterhaltung</translation>
    </message>
</context>
<context>
    <name>lares::app::AnswerTurn</name>
    <message>
        <source>This message is too long: with the instructions it takes %1 of the %2 tokens that the model can read, and leaves no room for an answer. Shorten it, or attach only the part that matters.</source>
        <translation>Diese Nachricht ist zu lang: Mit den Anweisungen belegt sie %1 der %2 Token, die das Modell lesen kann, und lässt keinen Platz für eine Antwort. Kürzen Sie sie oder hängen Sie nur den wichtigen Teil an.</translation>
    </message>
    <message>
        <source>The model wrote a tool call that cannot be read</source>
        <translation>Das Modell hat einen Werkzeugaufruf geschrieben, der nicht lesbar ist</translation>
    </message>
    <message numerus="yes">
        <source>The answer was cut off at %Ln token(s).</source>
        <translation>
            <numerusform>Die Antwort wurde bei %Ln Token abgeschnitten.</numerusform>
            <numerusform>Die Antwort wurde bei %Ln Token abgeschnitten.</numerusform>
        </translation>
    </message>
    <message>
        <source>The answer was cut off: the context is full. Ask it to go on; what was said before is condensed first.</source>
        <translation>Die Antwort wurde abgeschnitten: Der Kontext ist voll. Bitten Sie darum, weiterzumachen; was vorher gesagt wurde, wird erst zusammengefasst.</translation>
    </message>
    <message>
        <source>What the tools gave back fills the context, so this answer ends here. What was done is kept. Ask it to go on, and what was said before is condensed first; or ask for less at a time. (%1)</source>
        <translation>Was die Werkzeuge lieferten, füllt den Kontext; deshalb endet diese Antwort hier. Was getan ist, bleibt. Bitten Sie darum, weiterzumachen, dann wird erst zusammengefasst, was vorher gesagt wurde; oder verlangen Sie weniger auf einmal. (%1)</translation>
    </message>
    <message>
        <source>This conversation no longer fits the context. Begin a new one, or edit an earlier message. (%1)</source>
        <translation>Diese Unterhaltung passt nicht mehr in den Kontext. Beginnen Sie eine neue oder bearbeiten Sie eine frühere Nachricht. (%1)</translation>
    </message>
    <message numerus="yes">
        <source>Stopped after %Ln step(s) with tools. Ask again to go on.</source>
        <translation>
            <numerusform>Nach %Ln Schritt mit Werkzeugen angehalten. Fragen Sie noch einmal, um fortzufahren.</numerusform>
            <numerusform>Nach %Ln Schritten mit Werkzeugen angehalten. Fragen Sie noch einmal, um fortzufahren.</numerusform>
        </translation>
    </message>
    <message>
        <source>A question without a call.</source>
        <translation>Eine Frage ohne Aufruf.</translation>
    </message>
    <message>
        <source>Stopped before it ran</source>
        <translation>Vor der Ausführung angehalten</translation>
    </message>
</context>
<context>
    <name>lares::app::ApprovalCard</name>
    <message>
        <source>%1 and %2</source>
        <translation>%1 und %2</translation>
    </message>
    <message>
        <source>A longer permission is for this tool of %1, and for no other.</source>
        <translation>Eine längere Berechtigung gilt für dieses Werkzeug von %1 und für kein anderes.</translation>
    </message>
    <message>
        <source>Each command is asked about.</source>
        <translation>Nach jedem Befehl wird gefragt.</translation>
    </message>
    <message>
        <source>This can be allowed for this once only.</source>
        <translation>Das kann nur dieses eine Mal erlaubt werden.</translation>
    </message>
    <message>
        <source>A longer permission covers %1 and everything inside.</source>
        <translation>Eine längere Berechtigung gilt für %1 und alles darin.</translation>
    </message>
    <message>
        <source>A longer permission covers %1 and everything inside, for reading and changing.</source>
        <translation>Eine längere Berechtigung gilt für %1 und alles darin, zum Lesen und Ändern.</translation>
    </message>
    <message>
        <source>The model asked for this. Lares looked up the real paths.</source>
        <translation>Das Modell hat darum gebeten. Die tatsächlichen Pfade hat Lares ermittelt.</translation>
    </message>
    <message>
        <source>The model asked for this. Above is all that it hands over.</source>
        <translation>Das Modell hat darum gebeten. Oben steht alles, was es übergibt.</translation>
    </message>
    <message>
        <source>Allow once</source>
        <translation>Einmal erlauben</translation>
    </message>
    <message>
        <source>Run it</source>
        <translation>Ausführen</translation>
    </message>
    <message>
        <source>Allow for this conversation</source>
        <translation>Für diese Unterhaltung erlauben</translation>
    </message>
    <message>
        <source>Always allow</source>
        <translation>Immer erlauben</translation>
    </message>
    <message>
        <source>Deny</source>
        <translation>Ablehnen</translation>
    </message>
    <message>
        <source>Deny and say why…</source>
        <translation>Mit Grund ablehnen…</translation>
    </message>
    <message>
        <source>Permission needed: %1</source>
        <translation>Berechtigung nötig: %1</translation>
    </message>
    <message>
        <source>Without arguments</source>
        <translation>Ohne Argumente</translation>
    </message>
    <message>
        <source>In</source>
        <translation>In</translation>
    </message>
    <message>
        <source>What should it do instead? Enter denies and says so.</source>
        <translation>Was soll es stattdessen tun? Enter lehnt ab und sagt das.</translation>
    </message>
    <message>
        <source>Why not</source>
        <translation>Warum nicht</translation>
    </message>
    <message>
        <source>Each note is asked about. Settings → Memory has what is kept.</source>
        <translation>Nach jeder Notiz wird gefragt. Einstellungen → Gedächtnis zeigt, was gemerkt ist.</translation>
    </message>
    <message>
        <source>Remember</source>
        <translation>Merken</translation>
    </message>
    <message>
        <source>For every persona</source>
        <translation>Für jede Persona</translation>
    </message>
    <message>
        <source>For %1 only</source>
        <translation>Nur für %1</translation>
    </message>
</context>
<context>
    <name>lares::app::AttachmentButton</name>
    <message>
        <source>Attached: %1, %2</source>
        <translation>Angehängt: %1, %2</translation>
    </message>
    <message>
        <source>Delete removes it, Enter shows what else can be done</source>
        <translation>Entf entfernt es, Enter zeigt, was sonst möglich ist</translation>
    </message>
    <message>
        <source>Remove (Delete)</source>
        <translation>Entfernen (Entf)</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>Wird gelesen…</translation>
    </message>
    <message>
        <source>Being read: %1</source>
        <translation>Wird gelesen: %1</translation>
    </message>
    <message>
        <source>Delete stops reading it</source>
        <translation>Entf bricht das Lesen ab</translation>
    </message>
    <message>
        <source>Stop reading (Delete)</source>
        <translation>Lesen abbrechen (Entf)</translation>
    </message>
</context>
<context>
    <name>lares::app::AttachmentRow</name>
    <message>
        <source>Attached to your message</source>
        <translation>An Ihre Nachricht angehängt</translation>
    </message>
    <message>
        <source>Put it into the message as text</source>
        <translation>Als Text in die Nachricht einfügen</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Stop reading</source>
        <translation>Lesen abbrechen</translation>
    </message>
</context>
<context>
    <name>lares::app::Banner</name>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation>Details kopieren</translation>
    </message>
</context>
<context>
    <name>lares::app::ChangeList</name>
    <message>
        <source>In</source>
        <translation>In</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Von</translation>
    </message>
    <message>
        <source>To</source>
        <translation>Nach</translation>
    </message>
    <message>
        <source>Show all %1</source>
        <translation>Alle %1 anzeigen</translation>
    </message>
    <message>
        <source>What would change</source>
        <translation>Was sich ändern würde</translation>
    </message>
    <message>
        <source>move %1 to %2</source>
        <translation>%1 nach %2 verschieben</translation>
    </message>
    <message>
        <source>make the folder %1</source>
        <translation>den Ordner %1 anlegen</translation>
    </message>
    <message>
        <source>write %1</source>
        <translation>%1 schreiben</translation>
    </message>
</context>
<context>
    <name>lares::app::ChatController</name>
    <message>
        <source>What time is it?</source>
        <translation>Wie spät ist es?</translation>
    </message>
    <message>
        <source>What is 17 * 23?</source>
        <translation>Was ist 17 * 23?</translation>
    </message>
    <message>
        <source>What is in %1?</source>
        <translation>Was ist in %1?</translation>
    </message>
    <message>
        <source>What can you do?</source>
        <translation>Was kannst du alles?</translation>
    </message>
    <message>
        <source>The folder could not be taken out of the document library, so its text is still there, and it may be read again after the next start: %1. Try it once more in Settings, under Documents.</source>
        <translation>Der Ordner konnte nicht aus der Dokumentbibliothek genommen werden; sein Text ist also noch da und wird nach dem nächsten Start vielleicht wieder gelesen: %1. Versuchen Sie es noch einmal in den Einstellungen unter „Dokumente“.</translation>
    </message>
    <message>
        <source>What is attached to this draft cannot be read: %1</source>
        <translation>Was an diesem Entwurf hängt, kann nicht gelesen werden: %1</translation>
    </message>
    <message>
        <source>The model wrote no summary that can be used, so the one that stands stays.</source>
        <translation>Das Modell hat keine brauchbare Zusammenfassung geschrieben; die bisherige bleibt.</translation>
    </message>
    <message>
        <source>An answer is being written. Try again when it has ended.</source>
        <translation>Es wird gerade eine Antwort geschrieben. Versuchen Sie es noch einmal, wenn sie fertig ist.</translation>
    </message>
    <message>
        <source>The model is being loaded. Try again in a moment.</source>
        <translation>Das Modell wird gerade geladen. Versuchen Sie es gleich noch einmal.</translation>
    </message>
    <message>
        <source>No model is loaded that could write a summary. Choose one in Settings.</source>
        <translation>Es ist kein Modell geladen, das eine Zusammenfassung schreiben könnte. Wählen Sie eines in den Einstellungen.</translation>
    </message>
    <message>
        <source>All of it no longer fits: it takes %1 of the %2 tokens that the model can read, and an answer needs room. A larger context can be chosen with a model that has one.</source>
        <translation>Es passt nicht mehr alles: Es belegt %1 der %2 Token, die das Modell lesen kann, und eine Antwort braucht Platz. Ein größerer Kontext ist mit einem Modell möglich, das einen hat.</translation>
    </message>
    <message>
        <source>It cannot be told whether all of it fits: %1</source>
        <translation>Ob alles passt, lässt sich nicht sagen: %1</translation>
    </message>
    <message>
        <source>Lares was ended before this was done.</source>
        <translation>Lares wurde beendet, bevor das getan war.</translation>
    </message>
    <message>
        <source>Nothing can be kept in this session. Make the folder for your data writable and start Lares again.</source>
        <translation>In dieser Sitzung kann nichts aufbewahrt werden. Machen Sie den Ordner für Ihre Daten beschreibbar und starten Sie Lares neu.</translation>
    </message>
    <message>
        <source>This conversation has no message yet.</source>
        <translation>Diese Unterhaltung hat noch keine Nachricht.</translation>
    </message>
    <message>
        <source>it is too large</source>
        <translation>sie ist zu groß</translation>
    </message>
    <message>
        <source>number %1: %2</source>
        <translation>Nummer %1: %2</translation>
    </message>
    <message>
        <source>It stopped at “%1”: %2</source>
        <translation>Abgebrochen bei „%1“: %2</translation>
    </message>
    <message>
        <source>No conversation was imported from %1: %2.</source>
        <translation>Aus %1 wurde keine Unterhaltung importiert: %2.</translation>
    </message>
    <message>
        <source>it is no file</source>
        <translation>es ist keine Datei</translation>
    </message>
    <message>
        <source>It is temporary: a copy of it would be kept. Keep it first.</source>
        <translation>Sie ist temporär: Eine Kopie davon würde aufbewahrt. Behalten Sie sie erst.</translation>
    </message>
    <message>
        <source>%1 (copy)</source>
        <translation>%1 (Kopie)</translation>
    </message>
    <message>
        <source>Moved out of “%1”</source>
        <translation>Aus „%1“ genommen</translation>
    </message>
    <message>
        <source>Moved to “%1”</source>
        <translation>Nach „%1“ verschoben</translation>
    </message>
    <message>
        <source>“%1” was there already: “%2” is part of it now</source>
        <translation>„%1“ gab es schon: „%2“ gehört jetzt dazu</translation>
    </message>
    <message numerus="yes">
        <source>Deleted the folder “%1”, kept its %Ln conversation(s)</source>
        <translation>
            <numerusform>Ordner „%1“ gelöscht, seine %Ln Unterhaltung behalten</numerusform>
            <numerusform>Ordner „%1“ gelöscht, seine %Ln Unterhaltungen behalten</numerusform>
        </translation>
    </message>
    <message>
        <source>The model is back, but on the processor, which is slower: %1. When there is room again, free the model&apos;s memory: the next question takes it back to the card.</source>
        <translation>Das Modell ist zurück, aber auf dem Prozessor, der langsamer ist: %1. Wenn wieder Platz ist, geben Sie den Speicher des Modells frei: Die nächste Frage bringt es zurück auf die Grafikkarte.</translation>
    </message>
    <message>
        <source>This conversation cannot be read: %1</source>
        <translation>Diese Unterhaltung kann nicht gelesen werden: %1</translation>
    </message>
    <message>
        <source>Lares ended while this was being written. What had arrived is kept.</source>
        <translation>Lares wurde beendet, während dies geschrieben wurde. Was schon da war, bleibt.</translation>
    </message>
    <message numerus="yes">
        <source>Made %Ln change(s) to files</source>
        <translation>
            <numerusform>%Ln Änderung an Dateien vorgenommen</numerusform>
            <numerusform>%Ln Änderungen an Dateien vorgenommen</numerusform>
        </translation>
    </message>
    <message>
        <source>No model is loaded. Choose one in Settings, then press Regenerate.</source>
        <translation>Es ist kein Modell geladen. Wählen Sie eines in den Einstellungen und drücken Sie dann „Neu generieren“.</translation>
    </message>
    <message>
        <source>What was deleted long ago is still there: the tool log cannot let go of it. %1</source>
        <translation>Was vor langer Zeit gelöscht wurde, ist noch da: Das Werkzeugprotokoll kann es nicht loslassen. %1</translation>
    </message>
    <message>
        <source>The model was not loaded, so nobody answered. Press Regenerate to load it and answer.</source>
        <translation>Das Modell war nicht geladen, deshalb hat niemand geantwortet. Drücken Sie „Neu generieren“, um es zu laden und zu antworten.</translation>
    </message>
    <message>
        <source>this answer is not in the conversation</source>
        <translation>diese Antwort ist nicht in der Unterhaltung</translation>
    </message>
    <message>
        <source>Not all tool servers could be read: %1</source>
        <translation>Nicht alle Werkzeugserver konnten gelesen werden: %1</translation>
    </message>
    <message>
        <source>%1 cannot be read: %2</source>
        <translation>%1 kann nicht gelesen werden: %2</translation>
    </message>
    <message>
        <source>Nothing could be undone: %1</source>
        <translation>Nichts konnte rückgängig gemacht werden: %1</translation>
    </message>
    <message>
        <source>These changes were undone before.</source>
        <translation>Diese Änderungen wurden schon rückgängig gemacht.</translation>
    </message>
    <message numerus="yes">
        <source>Undid %Ln change(s) to files</source>
        <translation>
            <numerusform>%Ln Änderung an Dateien rückgängig gemacht</numerusform>
            <numerusform>%Ln Änderungen an Dateien rückgängig gemacht</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Undid %1 of %Ln change(s). %2</source>
        <translation>
            <numerusform>%1 von %Ln Änderung rückgängig gemacht. %2</numerusform>
            <numerusform>%1 von %Ln Änderungen rückgängig gemacht. %2</numerusform>
        </translation>
    </message>
    <message>
        <source>Remembered: %1</source>
        <translation>Gemerkt: %1</translation>
    </message>
</context>
<context>
    <name>lares::app::ChatPage</name>
    <message>
        <source>Condensing what was said before…</source>
        <translation>Bisheriges wird zusammengefasst…</translation>
    </message>
    <message>
        <source>Condensing what was said before: %1 of %2 tokens read</source>
        <translation>Bisheriges wird zusammengefasst: %1 von %2 Token gelesen</translation>
    </message>
    <message>
        <source>Reading the conversation: %1 of %2 tokens</source>
        <translation>Die Unterhaltung wird gelesen: %1 von %2 Token</translation>
    </message>
    <message>
        <source>Copied the address. Lares opens no links itself.</source>
        <translation>Adresse kopiert. Lares öffnet selbst keine Links.</translation>
    </message>
    <message>
        <source>Removed persona</source>
        <translation>Entfernte Persona</translation>
    </message>
    <message>
        <source>An answer is still being written. Stop it with Esc, or wait; your text stays.</source>
        <translation>Es wird noch eine Antwort geschrieben. Halten Sie sie mit Esc an oder warten Sie; Ihr Text bleibt.</translation>
    </message>
    <message>
        <source>The conversation is still being opened; your text stays.</source>
        <translation>Die Unterhaltung wird noch geöffnet; Ihr Text bleibt.</translation>
    </message>
    <message>
        <source>A file is still being read; your text stays.</source>
        <translation>Eine Datei wird noch gelesen; Ihr Text bleibt.</translation>
    </message>
    <message>
        <source>No model is loaded, so nobody can answer. Choose a model file or try the demo model; your text stays.</source>
        <translation>Es ist kein Modell geladen, deshalb kann niemand antworten. Wählen Sie eine Modelldatei oder probieren Sie das Demomodell; Ihr Text bleibt.</translation>
    </message>
    <message>
        <source>Another program needs the card&apos;s memory: the model was put away</source>
        <translation>Ein anderes Programm braucht den Speicher der Grafikkarte: Das Modell wurde entladen</translation>
    </message>
    <message>
        <source>Model not in memory</source>
        <translation>Modell nicht im Speicher</translation>
    </message>
    <message>
        <source>Copied the last answer.</source>
        <translation>Letzte Antwort kopiert.</translation>
    </message>
    <message>
        <source>There is no answer to copy yet.</source>
        <translation>Es gibt noch keine Antwort zum Kopieren.</translation>
    </message>
    <message>
        <source>An image cannot be attached: this model reads text only. Documents with text, source code, Markdown, CSV, JSON, logs and other text files can be.</source>
        <translation>Ein Bild kann nicht angehängt werden: Dieses Modell liest nur Text. Dokumente mit Text, Quelltext, Markdown, CSV, JSON, Protokolle und andere Textdateien gehen.</translation>
    </message>
    <message>
        <source>Nothing was attached: another conversation was opened meanwhile.</source>
        <translation>Es wurde nichts angehängt: Inzwischen wurde eine andere Unterhaltung geöffnet.</translation>
    </message>
    <message numerus="yes">
        <source>%1 (%Ln more (was|were) not attached.)</source>
        <translation>
            <numerusform>%1 (%Ln weitere wurde nicht angehängt.)</numerusform>
            <numerusform>%1 (%Ln weitere wurden nicht angehängt.)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>lares::app::CommandsSection</name>
    <message>
        <source>The assistant can ask to run a command in a folder. It runs in a sandbox: no network, no other files of yours, no other programs, a minute at most. Where it may change the folder it works in a copy; what it changed is put in place afterwards and can be undone, nothing is deleted. You are asked each time, with the whole command.</source>
        <translation>Der Assistent kann darum bitten, in einem Ordner einen Befehl auszuführen. Der läuft in einer Sandbox: kein Netzwerk, keine anderen Ihrer Dateien, keine anderen Programme, höchstens eine Minute. Wo er den Ordner ändern darf, arbeitet er in einer Kopie; seine Änderungen werden danach übernommen und lassen sich rückgängig machen, gelöscht wird nichts. Sie werden jedes Mal gefragt, mit dem ganzen Befehl.</translation>
    </message>
    <message>
        <source>No commands</source>
        <translation>Keine Befehle</translation>
    </message>
    <message>
        <source>Ask me each time</source>
        <translation>Jedes Mal fragen</translation>
    </message>
    <message>
        <source>There is no sandbox for commands on this system yet.</source>
        <translation>Auf diesem System gibt es noch keine Sandbox für Befehle.</translation>
    </message>
    <message>
        <source>Trying whether the sandbox holds…</source>
        <translation>Es wird geprüft, ob die Sandbox hält…</translation>
    </message>
    <message>
        <source>The sandbox held against everything that it was tried with.</source>
        <translation>Die Sandbox hielt allem stand, was versucht wurde.</translation>
    </message>
</context>
<context>
    <name>lares::app::Composer</name>
    <message>
        <source>Editing your message. The answers so far stay as a version.</source>
        <translation>Sie bearbeiten Ihre Nachricht. Die bisherigen Antworten bleiben als Version.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Cancel editing</source>
        <translation>Bearbeiten abbrechen</translation>
    </message>
    <message>
        <source>Your message</source>
        <translation>Ihre Nachricht</translation>
    </message>
    <message>
        <source>Attach files</source>
        <translation>Dateien anhängen</translation>
    </message>
    <message>
        <source>Attach documents or text files (Ctrl+O), or drop them here</source>
        <translation>Dokumente oder Textdateien anhängen (Strg+O) oder hier ablegen</translation>
    </message>
    <message>
        <source>Write a message</source>
        <translation>Nachricht schreiben</translation>
    </message>
    <message>
        <source>Write to %1</source>
        <translation>Nachricht an %1</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stopp</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Senden</translation>
    </message>
    <message>
        <source>Stop (Esc)</source>
        <translation>Stopp (Esc)</translation>
    </message>
    <message>
        <source>Esc stops</source>
        <translation>Esc stoppt</translation>
    </message>
    <message>
        <source>Enter sends</source>
        <translation>Enter sendet</translation>
    </message>
    <message>
        <source>Ctrl+Enter sends</source>
        <translation>Strg+Enter sendet</translation>
    </message>
</context>
<context>
    <name>lares::app::ContextMeter</name>
    <message>
        <source>about %1 of %2</source>
        <translation>etwa %1 von %2</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>The conversation takes %1 of the %2 tokens that the model can read.</source>
        <translation>Die Unterhaltung belegt %1 der %2 Token, die das Modell lesen kann.</translation>
    </message>
    <message>
        <source>What is attached adds %1.</source>
        <translation>Mit den Anhängen kommen %1 hinzu.</translation>
    </message>
    <message>
        <source>What was said first is read as a summary.</source>
        <translation>Was zuerst gesagt wurde, wird als Zusammenfassung gelesen.</translation>
    </message>
    <message>
        <source>When it is nearly full, what was said first is read as a summary.</source>
        <translation>Wenn es fast voll ist, wird das zuerst Gesagte als Zusammenfassung gelesen.</translation>
    </message>
</context>
<context>
    <name>lares::app::ConversationDelegate</name>
    <message>
        <source>Name of the folder</source>
        <translation>Name des Ordners</translation>
    </message>
    <message>
        <source>Title of the conversation</source>
        <translation>Titel der Unterhaltung</translation>
    </message>
</context>
<context>
    <name>lares::app::ConversationList</name>
    <message>
        <source>New conversation</source>
        <translation>Neue Unterhaltung</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>New temporary conversation</source>
        <translation>Neue temporäre Unterhaltung</translation>
    </message>
    <message>
        <source>New temporary conversation: nothing of it is kept (%1)</source>
        <translation>Neue temporäre Unterhaltung: Nichts davon wird aufbewahrt (%1)</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Search titles and messages</source>
        <translation>Titel und Nachrichten durchsuchen</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>Wird gesucht…</translation>
    </message>
    <message>
        <source>Nothing here holds “%1”.</source>
        <translation>Nichts hier enthält „%1“.</translation>
    </message>
    <message>
        <source>Conversations appear here.</source>
        <translation>Unterhaltungen erscheinen hier.</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren…</translation>
    </message>
    <message>
        <source>Throw away</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Unpin</source>
        <translation>Lösen</translation>
    </message>
    <message>
        <source>Pin</source>
        <translation>Anheften</translation>
    </message>
    <message>
        <source>Move to folder</source>
        <translation>In Ordner verschieben</translation>
    </message>
    <message>
        <source>Print…</source>
        <translation>Drucken…</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>Duplizieren</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>New folder…</source>
        <translation>Neuer Ordner…</translation>
    </message>
    <message>
        <source>Out of the folder</source>
        <translation>Aus dem Ordner nehmen</translation>
    </message>
    <message>
        <source>New conversation here</source>
        <translation>Neue Unterhaltung hier</translation>
    </message>
    <message>
        <source>Unfold</source>
        <translation>Aufklappen</translation>
    </message>
    <message>
        <source>Fold</source>
        <translation>Zuklappen</translation>
    </message>
    <message>
        <source>Delete folder, keep conversations</source>
        <translation>Ordner löschen, Unterhaltungen behalten</translation>
    </message>
</context>
<context>
    <name>lares::app::ConversationListModel</name>
    <message>
        <source>New temporary conversation</source>
        <translation>Neue temporäre Unterhaltung</translation>
    </message>
    <message>
        <source>New conversation</source>
        <translation>Neue Unterhaltung</translation>
    </message>
    <message>
        <source>Temporary</source>
        <translation>Temporär</translation>
    </message>
    <message>
        <source>Pinned</source>
        <translation>Angeheftet</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Heute</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>Gestern</translation>
    </message>
    <message>
        <source>Previous 7 days</source>
        <translation>Letzte 7 Tage</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <comment>month and year</comment>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>%1, temporary</source>
        <translation>%1, temporär</translation>
    </message>
    <message>
        <source>%1, an answer is being written</source>
        <translation>%1, eine Antwort wird geschrieben</translation>
    </message>
</context>
<context>
    <name>lares::app::ConversationModel</name>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>You</source>
        <translation>Sie</translation>
    </message>
    <message>
        <source>Assistant</source>
        <translation>Assistent</translation>
    </message>
</context>
<context>
    <name>lares::app::ConversationRows</name>
    <message numerus="yes">
        <source>%Ln conversation(s)</source>
        <translation>
            <numerusform>%Ln Unterhaltung</numerusform>
            <numerusform>%Ln Unterhaltungen</numerusform>
        </translation>
    </message>
    <message>
        <source>Folder %1, %2, %3</source>
        <translation>Ordner %1, %2, %3</translation>
    </message>
    <message>
        <source>folded</source>
        <translation>zugeklappt</translation>
    </message>
    <message>
        <source>open</source>
        <translation>aufgeklappt</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>%1, in %2</source>
        <translation>%1, in %2</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
</context>
<context>
    <name>lares::app::ConversationView</name>
    <message>
        <source>Conversations</source>
        <translation>Unterhaltungen</translation>
    </message>
</context>
<context>
    <name>lares::app::Desktop</name>
    <message>
        <source>Lares goes on here</source>
        <translation>Lares läuft hier weiter</translation>
    </message>
    <message>
        <source>Its icon brings the window back; its menu has Quit.</source>
        <translation>Das Symbol bringt das Fenster zurück; in seinem Menü ist „Beenden“.</translation>
    </message>
</context>
<context>
    <name>lares::app::DesktopSection</name>
    <message>
        <source>When no window of Lares is in front</source>
        <translation>Wenn kein Fenster von Lares vorne ist</translation>
    </message>
    <message>
        <source>Say nothing</source>
        <translation>Nichts melden</translation>
    </message>
    <message>
        <source>Say when a long answer ends</source>
        <translation>Melden, wenn eine lange Antwort fertig ist</translation>
    </message>
    <message>
        <source>Icon in the tray; with it, closing the window only hides it</source>
        <translation>Symbol im Infobereich; Schließen verbirgt das Fenster dann nur</translation>
    </message>
    <message>
        <source>Icon in the tray (this desktop shows none)</source>
        <translation>Symbol im Infobereich (dieser Desktop zeigt keines)</translation>
    </message>
    <message>
        <source>No icon</source>
        <translation>Kein Symbol</translation>
    </message>
    <message>
        <source>Show the icon</source>
        <translation>Symbol anzeigen</translation>
    </message>
    <message>
        <source>When you log in</source>
        <translation>Bei der Anmeldung</translation>
    </message>
    <message>
        <source>Start nothing</source>
        <translation>Nichts starten</translation>
    </message>
    <message>
        <source>Start Lares</source>
        <translation>Lares starten</translation>
    </message>
    <message>
        <source>A quick question from anywhere: in your desktop&apos;s keyboard settings, bind this command to a key. It opens a small window; Esc closes it.</source>
        <translation>Eine kurze Frage von überall: Legen Sie diesen Befehl in den Tastatureinstellungen Ihres Desktops auf eine Taste. Er öffnet ein kleines Fenster; Esc schließt es.</translation>
    </message>
    <message>
        <source>Copy the command</source>
        <translation>Befehl kopieren</translation>
    </message>
</context>
<context>
    <name>lares::app::DiffView</name>
    <message numerus="yes">
        <source>and %Ln more line(s)</source>
        <translation>
            <numerusform>und %Ln weitere Zeile</numerusform>
            <numerusform>und %Ln weitere Zeilen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Show all %Ln line(s)</source>
        <translation>
            <numerusform>Alle %Ln Zeilen anzeigen</numerusform>
            <numerusform>Alle %Ln Zeilen anzeigen</numerusform>
        </translation>
    </message>
    <message>
        <source>What changes in the text</source>
        <translation>Was sich im Text ändert</translation>
    </message>
    <message>
        <source>removed: %1</source>
        <translation>entfernt: %1</translation>
    </message>
    <message>
        <source>added: %1</source>
        <translation>hinzugefügt: %1</translation>
    </message>
</context>
<context>
    <name>lares::app::DocumentLibrary</name>
    <message>
        <source>It cannot be read now: it is gone, or leads elsewhere.</source>
        <translation>Er kann jetzt nicht gelesen werden: Er ist weg oder führt woandershin.</translation>
    </message>
</context>
<context>
    <name>lares::app::DownloadBar</name>
    <message>
        <source>Hide the download</source>
        <translation>Download ausblenden</translation>
    </message>
    <message>
        <source>Hide; Settings has it too</source>
        <translation>Ausblenden; in den Einstellungen ist er auch</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>%1 is on this computer now</source>
        <translation>%1 ist jetzt auf diesem Rechner</translation>
    </message>
</context>
<context>
    <name>lares::app::DownloadPanel</name>
    <message>
        <source>Pause</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Pause the download</source>
        <translation>Download anhalten</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Remove what was downloaded</source>
        <translation>Heruntergeladenes entfernen</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Keep what was downloaded</source>
        <translation>Heruntergeladenes behalten</translation>
    </message>
    <message>
        <source>Cancel the download</source>
        <translation>Download abbrechen</translation>
    </message>
    <message>
        <source>Remove the %1 that are here already?</source>
        <translation>Die %1, die schon da sind, entfernen?</translation>
    </message>
    <message>
        <source>%1. It answers now.</source>
        <translation>%1. Es antwortet jetzt.</translation>
    </message>
</context>
<context>
    <name>lares::app::EditorPage</name>
    <message>
        <source>Back to the conversation</source>
        <translation>Zurück zur Unterhaltung</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
</context>
<context>
    <name>lares::app::EngineWorker</name>
    <message>
        <source>there is not enough memory for this; close other programs or choose a smaller model</source>
        <translation>dafür reicht der Arbeitsspeicher nicht; schließen Sie andere Programme oder wählen Sie ein kleineres Modell</translation>
    </message>
    <message>
        <source>the engine failed: %1</source>
        <translation>die Engine ist gescheitert: %1</translation>
    </message>
    <message>
        <source>no model is loaded</source>
        <translation>es ist kein Modell geladen</translation>
    </message>
    <message>
        <source>no model is loaded; choose one in Settings</source>
        <translation>es ist kein Modell geladen; wählen Sie eines in den Einstellungen</translation>
    </message>
</context>
<context>
    <name>lares::app::ExportSection</name>
    <message>
        <source>Everything that you wrote as one file, to keep or to take to another computer: all conversations, with every version, what is attached, folders and pins, your personas and what is remembered. Importing adds what is not here yet; it changes and deletes nothing, and brings no permissions. It also takes conversations.json out of an export of ChatGPT, and conversations of LM Studio. A single conversation is exported from its menu in the list, to read as Markdown, web page, PDF or text.</source>
        <translation>Alles, was Sie geschrieben haben, in einer Datei, zum Aufheben oder für einen anderen Rechner: alle Unterhaltungen in jeder Version, Anhänge, Ordner und Angeheftetes, Ihre Personas und das Gemerkte. Beim Importieren kommt hinzu, was noch nicht da ist; es wird nichts geändert oder gelöscht, und Berechtigungen kommen nicht mit. Importiert werden auch conversations.json aus einem Export von ChatGPT und Unterhaltungen von LM Studio. Eine einzelne Unterhaltung wird über ihr Menü in der Liste exportiert, zum Lesen als Markdown, Webseite, PDF oder Text.</translation>
    </message>
    <message>
        <source>Export everything…</source>
        <translation>Alles exportieren…</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>Importieren…</translation>
    </message>
    <message>
        <source>Export everything</source>
        <translation>Alles exportieren</translation>
    </message>
    <message>
        <source>Import conversations</source>
        <translation>Unterhaltungen importieren</translation>
    </message>
    <message>
        <source>Conversations of Lares (*.json)</source>
        <translation>Unterhaltungen von Lares (*.json)</translation>
    </message>
    <message>
        <source>Exporting…</source>
        <translation>Wird exportiert…</translation>
    </message>
    <message>
        <source>Your personas and notes were written to %1</source>
        <translation>Ihre Personas und Notizen wurden nach %1 geschrieben</translation>
    </message>
    <message numerus="yes">
        <source>%Ln conversation(s) (was|were) written to %1</source>
        <translation>
            <numerusform>%Ln Unterhaltung wurde nach %1 geschrieben</numerusform>
            <numerusform>%Ln Unterhaltungen wurden nach %1 geschrieben</numerusform>
        </translation>
    </message>
    <message>
        <source>Conversations of Lares, ChatGPT and LM Studio (*.json)</source>
        <translation>Unterhaltungen von Lares, ChatGPT und LM Studio (*.json)</translation>
    </message>
    <message>
        <source>Importing…</source>
        <translation>Wird importiert…</translation>
    </message>
    <message>
        <source>Besides, Lares keeps a copy of your conversations of each of the last days on which you used it, six at most. Should the disk damage them, it puts them together again from there. What you delete for good is in no copy.</source>
        <translation>Außerdem bewahrt Lares von den letzten Tagen, an denen Sie es benutzt haben, je eine Kopie Ihrer Unterhaltungen auf, höchstens sechs. Sollte der Datenträger sie beschädigen, setzt es sie daraus wieder zusammen. Was Sie endgültig löschen, ist in keiner Kopie.</translation>
    </message>
</context>
<context>
    <name>lares::app::FileDrop</name>
    <message>
        <source>Drop files to attach them</source>
        <translation>Dateien zum Anhängen hier ablegen</translation>
    </message>
</context>
<context>
    <name>lares::app::FindBar</name>
    <message>
        <source>Find in this conversation</source>
        <translation>In dieser Unterhaltung suchen</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>Previous place</source>
        <translation>Vorherige Fundstelle</translation>
    </message>
    <message>
        <source>Next place</source>
        <translation>Nächste Fundstelle</translation>
    </message>
    <message>
        <source>End finding</source>
        <translation>Suche beenden</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>%1…</source>
        <translation>%1…</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>Nichts gefunden</translation>
    </message>
    <message>
        <source>%1 found</source>
        <translation>%1 gefunden</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
</context>
<context>
    <name>lares::app::FirstRunPage</name>
    <message>
        <source>Welcome</source>
        <translation>Willkommen</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>Everything stays on this computer</source>
        <translation>Alles bleibt auf diesem Rechner</translation>
    </message>
    <message>
        <source>Lares runs the language model inside this program. There is no account and no server. Your conversations are one file in your home folder that only you can read.</source>
        <translation>Das Sprachmodell läuft in diesem Programm selbst. Es gibt kein Konto und keinen Server. Ihre Unterhaltungen sind eine Datei in Ihrem persönlichen Ordner, die nur Sie lesen können.</translation>
    </message>
    <message>
        <source>It reads or changes a file or folder only after you allowed that one, and you can take it back. What it changed can be undone.</source>
        <translation>Lares liest oder ändert eine Datei oder einen Ordner erst, wenn Sie genau das erlaubt haben, und Sie können die Erlaubnis widerrufen. Was es geändert hat, lässt sich rückgängig machen.</translation>
    </message>
    <message>
        <source>It has no tools for files on this system yet, so it reads and changes none.</source>
        <translation>Auf diesem System hat es noch keine Werkzeuge für Dateien; es liest und ändert also keine.</translation>
    </message>
    <message>
        <source>Show me the proof</source>
        <translation>Nachweis zeigen</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>I have the file</source>
        <translation>Ich habe die Datei</translation>
    </message>
    <message>
        <source>A GGUF file of NVIDIA Nemotron 3 Nano 4B, 2.8 GB as Q4_K_M. Lares reads it where it lies and does not copy it.</source>
        <translation>Eine GGUF-Datei von NVIDIA Nemotron 3 Nano 4B, 2,8 GB als Q4_K_M. Lares liest sie, wo sie liegt, und kopiert sie nicht.</translation>
    </message>
    <message>
        <source>Try the demo model</source>
        <translation>Demomodell ausprobieren</translation>
    </message>
    <message>
        <source>Which model should answer?</source>
        <translation>Welches Modell soll antworten?</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Herunterladen</translation>
    </message>
    <message>
        <source>%1, %2, into %3. Goes on where it stopped, also after a restart, and is checked by its SHA-256.</source>
        <translation>%1, %2, nach %3. Wird fortgesetzt, wo es aufgehört hat, auch nach einem Neustart, und anhand der SHA-256-Summe geprüft.</translation>
    </message>
    <message>
        <source>Lares Mini comes with the program: a few megabytes, trained by us on made-up dialogues. It answers at once and shows how everything works. It is a toy: do not trust what it says.</source>
        <translation>Lares Mini ist im Programm enthalten: ein paar Megabyte, von uns mit erfundenen englischen Dialogen trainiert. Es antwortet sofort, aber nur auf Englisch, und zeigt, wie alles funktioniert. Es ist ein Spielzeug: Glauben Sie nicht, was es sagt.</translation>
    </message>
    <message>
        <source>For the download Lares starts a helper, lares-download. It connects to %1 and the file servers behind it, and ends with the download. Nothing else of Lares uses the network.</source>
        <translation>Zum Herunterladen startet Lares ein Hilfsprogramm, lares-download. Es verbindet sich mit %1 und den Dateiservern dahinter und endet mit dem Download. Sonst nutzt nichts von Lares das Netzwerk.</translation>
    </message>
    <message>
        <source>The model has a licence of its own, the %1.</source>
        <translation>Das Modell hat eine eigene Lizenz, die %1.</translation>
    </message>
    <message>
        <source>This Lares downloads nothing itself. The file is at this address, for your browser:</source>
        <translation>Dieses Lares lädt selbst nichts herunter. Die Datei finden Sie mit Ihrem Browser unter dieser Adresse:</translation>
    </message>
    <message>
        <source>You can choose another model in Settings at any time.</source>
        <translation>In den Einstellungen können Sie jederzeit ein anderes Modell wählen.</translation>
    </message>
    <message>
        <source>Meanwhile, Lares Mini answers at once and shows how everything works. It is a toy: do not trust what it says.</source>
        <translation>Inzwischen antwortet Lares Mini, sofort und nur auf Englisch, und zeigt, wie alles funktioniert. Es ist ein Spielzeug: Glauben Sie nicht, was es sagt.</translation>
    </message>
    <message>
        <source>The download goes on while you look around; a line at the top of the window shows how far it is.</source>
        <translation>Der Download läuft weiter, während Sie sich umsehen; eine Zeile oben im Fenster zeigt, wie weit er ist.</translation>
    </message>
    <message>
        <source>Who should answer?</source>
        <translation>Wer soll antworten?</translation>
    </message>
    <message>
        <source>Each conversation can have another one.</source>
        <translation>Jede Unterhaltung kann eine andere haben.</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Decide later</source>
        <translation>Später entscheiden</translation>
    </message>
</context>
<context>
    <name>lares::app::FooterBar</name>
    <message>
        <source>%1 tokens/s</source>
        <translation>%1 Token/s</translation>
    </message>
    <message>
        <source>first token %1 s</source>
        <translation>erstes Token %1 s</translation>
    </message>
    <message>
        <source>context %1 %</source>
        <translation>Kontext %1 %</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1, %2</translation>
    </message>
    <message>
        <source>On the graphics card: weights %1, state %2, keys and values %3, work %4.</source>
        <translation>Auf der Grafikkarte: Gewichte %1, Zustand %2, Schlüssel und Werte %3, Arbeitsbereich %4.</translation>
    </message>
    <message>
        <source>Weights: %1</source>
        <translation>Gewichte: %1</translation>
    </message>
    <message>
        <source>State: %1</source>
        <translation>Zustand: %1</translation>
    </message>
    <message>
        <source>Keys and values: %1</source>
        <translation>Schlüssel und Werte: %1</translation>
    </message>
    <message>
        <source>Work: %1</source>
        <translation>Arbeitsbereich: %1</translation>
    </message>
    <message>
        <source>Long prompts: %1</source>
        <translation>Lange Prompts: %1</translation>
    </message>
    <message>
        <source>processor</source>
        <translation>Prozessor</translation>
    </message>
    <message>
        <source>The model&apos;s memory: %1</source>
        <translation>Der Speicher des Modells: %1</translation>
    </message>
    <message>
        <source>Load now</source>
        <translation>Jetzt laden</translation>
    </message>
    <message>
        <source>Load the model now</source>
        <translation>Das Modell jetzt laden</translation>
    </message>
    <message>
        <source>Writing loads it again. What it has read is not lost with it, if it is kept on the disk.</source>
        <translation>Sobald Sie schreiben, wird es wieder geladen. Was es gelesen hat, geht dabei nicht verloren, wenn es auf dem Datenträger aufbewahrt wird.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Cancel loading</source>
        <translation>Laden abbrechen</translation>
    </message>
    <message>
        <source>A helper, lares-download, fetches a model. This window itself opens no network connection.</source>
        <translation>Ein Hilfsprogramm, lares-download, holt ein Modell. Dieses Fenster selbst öffnet keine Netzwerkverbindung.</translation>
    </message>
    <message>
        <source>Lares opens no network connection. Settings, About, shows the proof.</source>
        <translation>Lares öffnet keine Netzwerkverbindung. Den Nachweis zeigen die Einstellungen unter „Über“.</translation>
    </message>
    <message>
        <source>offline but for the download</source>
        <translation>offline bis auf den Download</translation>
    </message>
    <message>
        <source>offline</source>
        <translation>offline</translation>
    </message>
    <message>
        <source>Loading the model… %1 %</source>
        <translation>Modell wird geladen… %1 %</translation>
    </message>
    <message>
        <source>loads when you write</source>
        <translation>lädt, sobald Sie schreiben</translation>
    </message>
    <message>
        <source>Free the model&apos;s memory</source>
        <translation>Speicher des Modells freigeben</translation>
    </message>
    <message>
        <source>Free the model&apos;s memory (after the answer)</source>
        <translation>Speicher des Modells freigeben (nach der Antwort)</translation>
    </message>
</context>
<context>
    <name>lares::app::GrantBook</name>
    <message>
        <source>The permission for %1 is not in force: %2</source>
        <translation>Die Berechtigung für %1 gilt nicht: %2</translation>
    </message>
    <message>
        <source>Document library</source>
        <translation>Dokumentbibliothek</translation>
    </message>
    <message>
        <source>Always</source>
        <translation>Immer</translation>
    </message>
    <message>
        <source>This conversation</source>
        <translation>Diese Unterhaltung</translation>
    </message>
</context>
<context>
    <name>lares::app::HeaderBar</name>
    <message>
        <source>Thinking</source>
        <translation>Nachdenken</translation>
    </message>
    <message>
        <source>Demo model</source>
        <translation>Demomodell</translation>
    </message>
    <message>
        <source>Show the conversations</source>
        <translation>Unterhaltungen anzeigen</translation>
    </message>
    <message>
        <source>Show the conversations (Ctrl+B)</source>
        <translation>Unterhaltungen anzeigen (Strg+B)</translation>
    </message>
    <message>
        <source>Title of the conversation</source>
        <translation>Titel der Unterhaltung</translation>
    </message>
    <message>
        <source>Who answers</source>
        <translation>Wer antwortet</translation>
    </message>
    <message>
        <source>What the demo model is</source>
        <translation>Was das Demomodell ist</translation>
    </message>
    <message>
        <source>Who answers: %1</source>
        <translation>Wer antwortet: %1</translation>
    </message>
    <message>
        <source>Thinking: on</source>
        <translation>Nachdenken: an</translation>
    </message>
    <message>
        <source>Thinking: off</source>
        <translation>Nachdenken: aus</translation>
    </message>
    <message>
        <source>The model thinks before it answers</source>
        <translation>Das Modell denkt nach, bevor es antwortet</translation>
    </message>
    <message>
        <source>The model answers at once</source>
        <translation>Das Modell antwortet sofort</translation>
    </message>
    <message>
        <source>Hide the panel</source>
        <translation>Bereich ausblenden</translation>
    </message>
    <message>
        <source>Show the panel</source>
        <translation>Bereich einblenden</translation>
    </message>
    <message>
        <source>Hide the panel (Ctrl+J)</source>
        <translation>Bereich ausblenden (Strg+J)</translation>
    </message>
    <message>
        <source>What the model did and saw, and who answers (Ctrl+J)</source>
        <translation>Was das Modell tat und sah und wer antwortet (Strg+J)</translation>
    </message>
    <message>
        <source>Edit personas…</source>
        <translation>Personas bearbeiten…</translation>
    </message>
</context>
<context>
    <name>lares::app::KeysPage</name>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Back to the conversation</source>
        <translation>Zurück zur Unterhaltung</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
</context>
<context>
    <name>lares::app::LibraryRow</name>
    <message>
        <source>Files of %1 that could not be read</source>
        <translation>Dateien von %1, die nicht gelesen werden konnten</translation>
    </message>
    <message numerus="yes">
        <source>%Ln file(s)</source>
        <translation>
            <numerusform>%Ln Datei</numerusform>
            <numerusform>%Ln Dateien</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln passage(s)</source>
        <translation>
            <numerusform>%Ln Textstelle</numerusform>
            <numerusform>%Ln Textstellen</numerusform>
        </translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1, %2</translation>
    </message>
    <message>
        <source>%1, not read to the end yet</source>
        <translation>%1, noch nicht zu Ende gelesen</translation>
    </message>
    <message>
        <source>Hide what could not be read</source>
        <translation>Nicht Lesbares ausblenden</translation>
    </message>
    <message>
        <source>What could not be read (%1)</source>
        <translation>Was nicht lesbar war (%1)</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Remove %1 from the library</source>
        <translation>%1 aus der Bibliothek entfernen</translation>
    </message>
    <message>
        <source>Reading: %1 of %2 files</source>
        <translation>Wird gelesen: %1 von %2 Dateien</translation>
    </message>
    <message>
        <source>… and %1 more</source>
        <translation>… und %1 weitere</translation>
    </message>
</context>
<context>
    <name>lares::app::LibrarySection</name>
    <message>
        <source>Add a folder…</source>
        <translation>Ordner hinzufügen…</translation>
    </message>
    <message>
        <source>Update now</source>
        <translation>Jetzt aktualisieren</translation>
    </message>
    <message>
        <source>Stop reading</source>
        <translation>Lesen abbrechen</translation>
    </message>
    <message>
        <source>Folders whose texts and documents the assistant can search, in every conversation and without asking. They are read once, while nothing else needs the computer, into an index that stays here. Removing a folder takes its text out of the index; your files stay as they are.</source>
        <translation>Ordner, deren Texte und Dokumente der Assistent durchsuchen kann, in jeder Unterhaltung und ohne Rückfrage. Sie werden einmal gelesen, wenn sonst nichts den Rechner braucht, in einen Index, der hier bleibt. Wenn Sie einen Ordner entfernen, verschwindet sein Text aus dem Index; Ihre Dateien bleiben, wie sie sind.</translation>
    </message>
    <message>
        <source>Nothing is kept in this session, so there is no document library.</source>
        <translation>In dieser Sitzung wird nichts aufbewahrt; deshalb gibt es keine Dokumentbibliothek.</translation>
    </message>
    <message>
        <source>Add a folder to the document library</source>
        <translation>Einen Ordner zur Dokumentbibliothek hinzufügen</translation>
    </message>
    <message>
        <source>Update the document library now</source>
        <translation>Die Dokumentbibliothek jetzt aktualisieren</translation>
    </message>
    <message>
        <source>Stop reading documents</source>
        <translation>Das Lesen von Dokumenten abbrechen</translation>
    </message>
    <message>
        <source>The index takes %1.</source>
        <translation>Der Index belegt %1.</translation>
    </message>
</context>
<context>
    <name>lares::app::LoadBar</name>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Cancel loading</source>
        <translation>Laden abbrechen</translation>
    </message>
    <message>
        <source>Loading the model… %1 %</source>
        <translation>Modell wird geladen… %1 %</translation>
    </message>
    <message>
        <source>Loading %1… %2 %</source>
        <translation>%1 wird geladen… %2 %</translation>
    </message>
</context>
<context>
    <name>lares::app::LoreForm</name>
    <message>
        <source>Done with this entry</source>
        <translation>Eintrag fertig</translation>
    </message>
    <message>
        <source>Name of the entry</source>
        <translation>Name des Eintrags</translation>
    </message>
    <message>
        <source>Shown with the messages that bring it.</source>
        <translation>Steht bei den Nachrichten, die ihn bringen.</translation>
    </message>
    <message>
        <source>When a word is named</source>
        <translation>Wenn ein Wort fällt</translation>
    </message>
    <message>
        <source>The model reads it from the message on that names one of its words.</source>
        <translation>Das Modell liest ihn ab der Nachricht, in der eines seiner Wörter fällt.</translation>
    </message>
    <message>
        <source>Always</source>
        <translation>Immer</translation>
    </message>
    <message>
        <source>The model reads it from the beginning, with the instructions.</source>
        <translation>Das Modell liest ihn von Anfang an, mit den Anweisungen.</translation>
    </message>
    <message>
        <source>Words</source>
        <translation>Wörter</translation>
    </message>
    <message>
        <source>With commas between them. Any of them brings the entry.</source>
        <translation>Mit Kommas dazwischen. Jedes davon bringt den Eintrag.</translation>
    </message>
    <message>
        <source>Only together with</source>
        <translation>Nur zusammen mit</translation>
    </message>
    <message>
        <source>Capitals count</source>
        <translation>Großschreibung zählt</translation>
    </message>
    <message>
        <source>“May” is then another word than “may”.</source>
        <translation>„Weise“ ist dann ein anderes Wort als „weise“.</translation>
    </message>
    <message>
        <source>What the model reads</source>
        <translation>Was das Modell liest</translation>
    </message>
    <message>
        <source>%1 of %2 characters</source>
        <translation>%1 von %2 Zeichen</translation>
    </message>
    <message>
        <source>With commas between them. It then comes only where one of these is named as well.</source>
        <translation>Mit Kommas dazwischen. Er kommt dann nur, wo auch eines davon fällt.</translation>
    </message>
</context>
<context>
    <name>lares::app::LoreRow</name>
    <message>
        <source>Always read</source>
        <translation>Immer gelesen</translation>
    </message>
    <message>
        <source>%1, with %2</source>
        <translation>%1, mit %2</translation>
    </message>
    <message>
        <source>turned off</source>
        <translation>ausgeschaltet</translation>
    </message>
    <message>
        <source>Without a name</source>
        <translation>Ohne Namen</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Bearbeiten</translation>
    </message>
    <message>
        <source>Edit the lore entry %1</source>
        <translation>Den Hintergrundeintrag %1 bearbeiten</translation>
    </message>
    <message>
        <source>Turn off</source>
        <translation>Ausschalten</translation>
    </message>
    <message>
        <source>Turn off the lore entry %1</source>
        <translation>Den Hintergrundeintrag %1 ausschalten</translation>
    </message>
    <message>
        <source>Turn on</source>
        <translation>Einschalten</translation>
    </message>
    <message>
        <source>Turn on the lore entry %1</source>
        <translation>Den Hintergrundeintrag %1 einschalten</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Remove the lore entry %1</source>
        <translation>Den Hintergrundeintrag %1 entfernen</translation>
    </message>
    <message>
        <source>Move up</source>
        <translation>Nach oben</translation>
    </message>
    <message>
        <source>Move the lore entry %1 up</source>
        <translation>Den Hintergrundeintrag %1 nach oben bewegen</translation>
    </message>
</context>
<context>
    <name>lares::app::MainWindow</name>
    <message>
        <source>Lares</source>
        <translation>Lares</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>The message could not be stored, so it was not sent.</source>
        <translation>Die Nachricht konnte nicht gespeichert werden und wurde deshalb nicht gesendet.</translation>
    </message>
    <message>
        <source>Deleted “%1”</source>
        <translation>„%1“ gelöscht</translation>
    </message>
    <message>
        <source>Removed “%1”</source>
        <translation>„%1“ entfernt</translation>
    </message>
    <message>
        <source>“%1” is as it came</source>
        <translation>„%1“ ist wieder wie mitgeliefert</translation>
    </message>
    <message>
        <source>No model is loaded yet. Settings has every way to get one.</source>
        <translation>Es ist noch kein Modell geladen. In den Einstellungen steht, wie Sie eines bekommen.</translation>
    </message>
    <message>
        <source>Lares Mini is a demo of a few megabytes, trained on made-up dialogues. It shows how Lares works; do not trust what it says.</source>
        <translation>Lares Mini ist eine Demo von ein paar Megabyte, mit erfundenen englischen Dialogen trainiert. Es zeigt, wie Lares funktioniert; glauben Sie nicht, was es sagt.</translation>
    </message>
    <message>
        <source>Choose a model…</source>
        <translation>Modell wählen…</translation>
    </message>
    <message>
        <source>New temporary conversation</source>
        <translation>Neue temporäre Unterhaltung</translation>
    </message>
    <message>
        <source>New conversation in %1</source>
        <translation>Neue Unterhaltung in %1</translation>
    </message>
    <message>
        <source>New conversation</source>
        <translation>Neue Unterhaltung</translation>
    </message>
    <message>
        <source>Choose a model file</source>
        <translation>Modelldatei auswählen</translation>
    </message>
    <message>
        <source>Models (*.gguf);;All files (*)</source>
        <translation>Modelle (*.gguf);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Attach files</source>
        <translation>Dateien anhängen</translation>
    </message>
    <message>
        <source>All files (*);;Documents (*.pdf *.docx *.odt *.xlsx *.ods *.pptx *.odp *.epub *.rtf *.html *.htm);;Text (*.txt *.md *.csv *.tsv *.json *.log *.xml *.yaml *.yml *.ini *.tex)</source>
        <translation>Alle Dateien (*);;Dokumente (*.pdf *.docx *.odt *.xlsx *.ods *.pptx *.odp *.epub *.rtf *.html *.htm);;Text (*.txt *.md *.csv *.tsv *.json *.log *.xml *.yaml *.yml *.ini *.tex)</translation>
    </message>
    <message>
        <source>This conversation is kept already.</source>
        <translation>Diese Unterhaltung wird schon aufbewahrt.</translation>
    </message>
    <message>
        <source>An answer is being written; undo when it has ended.</source>
        <translation>Es wird gerade eine Antwort geschrieben; machen Sie rückgängig, wenn sie fertig ist.</translation>
    </message>
    <message>
        <source>Nothing was changed here that can be undone.</source>
        <translation>Hier wurde nichts geändert, was sich rückgängig machen ließe.</translation>
    </message>
    <message>
        <source>Use the downloaded model</source>
        <translation>Heruntergeladenes Modell verwenden</translation>
    </message>
    <message>
        <source>Download…</source>
        <translation>Herunterladen…</translation>
    </message>
    <message>
        <source>Choose a file…</source>
        <translation>Datei auswählen…</translation>
    </message>
    <message>
        <source>Try the demo model</source>
        <translation>Demomodell ausprobieren</translation>
    </message>
    <message>
        <source>There is no message here yet that could be exported.</source>
        <translation>Hier ist noch keine Nachricht, die exportiert werden könnte.</translation>
    </message>
    <message>
        <source>Conversation</source>
        <translation>Unterhaltung</translation>
    </message>
    <message>
        <source>Export the conversation</source>
        <translation>Unterhaltung exportieren</translation>
    </message>
    <message>
        <source>Writing %1…</source>
        <translation>%1 wird geschrieben…</translation>
    </message>
    <message>
        <source>Written to %1</source>
        <translation>Nach %1 geschrieben</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Im Ordner anzeigen</translation>
    </message>
    <message>
        <source>There is no message here yet that could be printed.</source>
        <translation>Hier ist noch keine Nachricht, die gedruckt werden könnte.</translation>
    </message>
    <message>
        <source>There is no place for the pages, so nothing was printed: %1. Export the conversation as PDF and print that.</source>
        <translation>Für die Seiten ist kein Platz, deshalb wurde nichts gedruckt: %1. Exportieren Sie die Unterhaltung als PDF und drucken Sie das.</translation>
    </message>
    <message>
        <source>Making the pages…</source>
        <translation>Seiten werden erstellt…</translation>
    </message>
    <message>
        <source>Nothing on this computer shows PDF files, so nothing was printed. Install a program that does, or export the conversation and print it elsewhere.</source>
        <translation>Nichts auf diesem Rechner zeigt PDF-Dateien an, deshalb wurde nichts gedruckt. Installieren Sie ein Programm dafür oder exportieren Sie die Unterhaltung und drucken Sie sie anderswo.</translation>
    </message>
    <message>
        <source>The pages are in your PDF viewer: print them from there</source>
        <translation>Die Seiten sind in Ihrem PDF-Betrachter: Drucken Sie sie von dort</translation>
    </message>
    <message>
        <source>The conversation was not duplicated. %1</source>
        <translation>Die Unterhaltung wurde nicht dupliziert. %1</translation>
    </message>
    <message>
        <source>Forgot the note</source>
        <translation>Die Notiz ist vergessen</translation>
    </message>
    <message>
        <source>There is nothing here yet to remember.</source>
        <translation>Hier gibt es noch nichts zu merken.</translation>
    </message>
    <message>
        <source>An answer is being written; try again when it has ended.</source>
        <translation>Es wird gerade eine Antwort geschrieben; versuchen Sie es noch einmal, wenn sie fertig ist.</translation>
    </message>
    <message>
        <source>This conversation reads the present notes already.</source>
        <translation>Diese Unterhaltung liest schon die aktuellen Notizen.</translation>
    </message>
    <message>
        <source>This conversation reads the present notes from here on; the model reads it anew for that.</source>
        <translation>Diese Unterhaltung liest von hier an die aktuellen Notizen; das Modell liest sie dafür neu.</translation>
    </message>
    <message>
        <source>Persona: %1</source>
        <translation>Persona: %1</translation>
    </message>
    <message>
        <source>switch to answer as</source>
        <translation>wechseln zu antworten als</translation>
    </message>
    <message>
        <source>%1 (temporary)</source>
        <translation>%1 (temporär)</translation>
    </message>
    <message>
        <source>What is said here is kept from now on.</source>
        <translation>Was hier gesagt wird, wird ab jetzt aufbewahrt.</translation>
    </message>
    <message>
        <source>Kept: it is in the list now, with all that was said.</source>
        <translation>Behalten: Sie steht jetzt in der Liste, mit allem, was gesagt wurde.</translation>
    </message>
    <message>
        <source>The conversation could not be kept, and is still here. %1</source>
        <translation>Die Unterhaltung konnte nicht behalten werden und ist noch hier. %1</translation>
    </message>
    <message>
        <source>“%1” is temporary: once it is thrown away, nothing brings it back.</source>
        <translation>„%1“ ist temporär: Ist sie einmal verworfen, bringt nichts sie zurück.</translation>
    </message>
    <message>
        <source>What it changed in files stays; lares-cli undo takes that back.</source>
        <translation>Was sie in Dateien geändert hat, bleibt; lares-cli undo nimmt es zurück.</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Throw away</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>“%1” is temporary and would be lost.</source>
        <translation>„%1“ ist temporär und ginge verloren.</translation>
    </message>
    <message numerus="yes">
        <source>%Ln temporary conversation(s) would be lost.</source>
        <translation>
            <numerusform>%Ln temporäre Unterhaltung ginge verloren.</numerusform>
            <numerusform>%Ln temporäre Unterhaltungen gingen verloren.</numerusform>
        </translation>
    </message>
    <message>
        <source>Keep and quit</source>
        <translation>Behalten und beenden</translation>
    </message>
    <message>
        <source>Throw away and quit</source>
        <translation>Verwerfen und beenden</translation>
    </message>
    <message>
        <source>The note that you were writing is still there.</source>
        <translation>Die Notiz, die Sie gerade schrieben, ist noch da.</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Anzeigen</translation>
    </message>
    <message>
        <source>Saving works again, and what waited is saved.</source>
        <translation>Das Speichern geht wieder, und was gewartet hat, ist gespeichert.</translation>
    </message>
    <message>
        <source>The last changes are not saved yet, and would be lost. %1</source>
        <translation>Die letzten Änderungen sind noch nicht gespeichert und gingen verloren. %1</translation>
    </message>
    <message>
        <source>Quit all the same</source>
        <translation>Trotzdem beenden</translation>
    </message>
</context>
<context>
    <name>lares::app::MemorySection</name>
    <message>
        <source>Free the model&apos;s memory when nobody has asked for</source>
        <translation>Speicher des Modells freigeben, wenn so lange niemand gefragt hat</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>Nie</translation>
    </message>
    <message>
        <source>5 minutes</source>
        <translation>5 Minuten</translation>
    </message>
    <message>
        <source>30 minutes</source>
        <translation>30 Minuten</translation>
    </message>
    <message>
        <source>1 hour</source>
        <translation>1 Stunde</translation>
    </message>
    <message>
        <source>Never free the memory</source>
        <translation>Den Speicher nie freigeben</translation>
    </message>
    <message>
        <source>Free the memory after %1</source>
        <translation>Den Speicher nach %1 freigeben</translation>
    </message>
    <message>
        <source>When another program, such as a game, needs the graphics card&apos;s memory</source>
        <translation>Wenn ein anderes Programm, etwa ein Spiel, den Speicher der Grafikkarte braucht</translation>
    </message>
    <message>
        <source>Put the model away</source>
        <translation>Modell entladen</translation>
    </message>
    <message>
        <source>Keep it there</source>
        <translation>Geladen lassen</translation>
    </message>
    <message>
        <source>What it has read is kept on the disk, so nothing is read twice.</source>
        <translation>Was es gelesen hat, wird auf dem Datenträger aufbewahrt; nichts wird zweimal gelesen.</translation>
    </message>
    <message>
        <source>What it has read is not kept on the disk (below), so it reads a conversation again then.</source>
        <translation>Was es gelesen hat, wird nicht auf dem Datenträger aufbewahrt (siehe unten); es liest eine Unterhaltung dann noch einmal.</translation>
    </message>
    <message>
        <source>As soon as you write it is loaded again, which takes about a second. %1</source>
        <translation>Sobald Sie schreiben, wird es wieder geladen, was etwa eine Sekunde dauert. %1</translation>
    </message>
</context>
<context>
    <name>lares::app::MessageActions</name>
    <message>
        <source>Actions for this message</source>
        <translation>Aktionen für diese Nachricht</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Bearbeiten</translation>
    </message>
    <message>
        <source>Regenerate</source>
        <translation>Neu generieren</translation>
    </message>
    <message>
        <source>What the model saw</source>
        <translation>Was das Modell sah</translation>
    </message>
    <message>
        <source>Remember this…</source>
        <translation>Das merken…</translation>
    </message>
    <message>
        <source>Previous version</source>
        <translation>Vorherige Version</translation>
    </message>
    <message>
        <source>Next version</source>
        <translation>Nächste Version</translation>
    </message>
    <message>
        <source>%1/%2</source>
        <translation>%1/%2</translation>
    </message>
</context>
<context>
    <name>lares::app::ModelDownload</name>
    <message>
        <source>The program that downloads ended unexpectedly. What it has is kept: try again, and if that fails too, install Lares again.</source>
        <translation>Das Programm zum Herunterladen endete unerwartet. Was es hat, bleibt: Versuchen Sie es erneut, und wenn auch das scheitert, installieren Sie Lares neu.</translation>
    </message>
</context>
<context>
    <name>lares::app::NoteBook</name>
    <message>
        <source>Your notes could not be read, so the model does not get them: %1</source>
        <translation>Ihre Notizen konnten nicht gelesen werden, deshalb bekommt das Modell sie nicht: %1</translation>
    </message>
    <message>
        <source>Nothing can be kept in this session, so the note was not saved. Make the folder for your data writable and start Lares again.</source>
        <translation>In dieser Sitzung kann nichts aufbewahrt werden, deshalb wurde die Notiz nicht gespeichert. Machen Sie den Ordner für Ihre Daten beschreibbar und starten Sie Lares neu.</translation>
    </message>
    <message>
        <source>This note is not there any more.</source>
        <translation>Diese Notiz ist nicht mehr da.</translation>
    </message>
    <message>
        <source>Nothing can be kept in this session.</source>
        <translation>In dieser Sitzung kann nichts aufbewahrt werden.</translation>
    </message>
</context>
<context>
    <name>lares::app::NoteEditor</name>
    <message>
        <source>Keep what matters, in your own words.</source>
        <translation>Halten Sie mit eigenen Worten fest, worauf es ankommt.</translation>
    </message>
    <message>
        <source>Remember</source>
        <translation>Merken</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Strg+Enter</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Remember this</source>
        <translation>Das merken</translation>
    </message>
    <message>
        <source>Edit the note</source>
        <translation>Notiz bearbeiten</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>every persona</source>
        <translation>jeder Persona</translation>
    </message>
    <message>
        <source>a removed persona</source>
        <translation>einer entfernten Persona</translation>
    </message>
    <message>
        <source>Read by %1</source>
        <translation>Gelesen von %1</translation>
    </message>
    <message>
        <source>Every persona</source>
        <translation>Jede Persona</translation>
    </message>
    <message>
        <source>Not saved; your text stays here. %1</source>
        <translation>Nicht gespeichert; Ihr Text bleibt hier. %1</translation>
    </message>
</context>
<context>
    <name>lares::app::NoteField</name>
    <message>
        <source>Note</source>
        <translation>Notiz</translation>
    </message>
    <message>
        <source>%1 of %2 characters</source>
        <translation>%1 von %2 Zeichen</translation>
    </message>
</context>
<context>
    <name>lares::app::NoteRow</name>
    <message>
        <source>Edit</source>
        <translation>Bearbeiten</translation>
    </message>
    <message>
        <source>Edit the note %1</source>
        <translation>Notiz %1 bearbeiten</translation>
    </message>
    <message>
        <source>Turn off</source>
        <translation>Ausschalten</translation>
    </message>
    <message>
        <source>Turn off the note %1</source>
        <translation>Notiz %1 ausschalten</translation>
    </message>
    <message>
        <source>Turn on</source>
        <translation>Einschalten</translation>
    </message>
    <message>
        <source>Turn on the note %1</source>
        <translation>Notiz %1 einschalten</translation>
    </message>
    <message>
        <source>Where it comes from</source>
        <translation>Woher sie kommt</translation>
    </message>
    <message>
        <source>Where the note %1 comes from</source>
        <translation>Woher die Notiz %1 kommt</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>Vergessen</translation>
    </message>
    <message>
        <source>Forget the note %1</source>
        <translation>Notiz %1 vergessen</translation>
    </message>
</context>
<context>
    <name>lares::app::NotesLine</name>
    <message>
        <source>Use the present notes here</source>
        <translation>Hier die aktuellen Notizen verwenden</translation>
    </message>
    <message>
        <source>This conversation began with a note that you forgot. It is read anew without it.</source>
        <translation>Diese Unterhaltung begann mit einer Notiz, die Sie vergessen ließen. Sie wird ohne sie neu gelesen.</translation>
    </message>
</context>
<context>
    <name>lares::app::NotesPage</name>
    <message>
        <source>Memory</source>
        <translation>Gedächtnis</translation>
    </message>
    <message>
        <source>Use notes</source>
        <translation>Notizen verwenden</translation>
    </message>
    <message>
        <source>Do not use them</source>
        <translation>Nicht verwenden</translation>
    </message>
    <message>
        <source>Personas that read them:</source>
        <translation>Personas, die sie lesen:</translation>
    </message>
    <message>
        <source>New note</source>
        <translation>Neue Notiz</translation>
    </message>
    <message>
        <source>Search notes</source>
        <translation>Notizen durchsuchen</translation>
    </message>
    <message>
        <source>%1 reads notes</source>
        <translation>%1 liest Notizen</translation>
    </message>
    <message>
        <source>There are no notes yet. Write one here, or choose “Remember this…” on a message or on selected text.</source>
        <translation>Es gibt noch keine Notizen. Schreiben Sie hier eine oder wählen Sie „Das merken…“ bei einer Nachricht oder bei markiertem Text.</translation>
    </message>
    <message>
        <source>No note has these words.</source>
        <translation>Keine Notiz enthält diese Wörter.</translation>
    </message>
    <message>
        <source>A new conversation with %1 begins without notes.</source>
        <translation>Eine neue Unterhaltung mit %1 beginnt ohne Notizen.</translation>
    </message>
    <message>
        <source>A new conversation with %1 begins with about %2 tokens of notes, of at most %3 or an eighth of what the model can read.</source>
        <translation>Eine neue Unterhaltung mit %1 beginnt mit etwa %2 Token an Notizen; höchstens sind es %3 oder ein Achtel dessen, was das Modell lesen kann.</translation>
    </message>
    <message numerus="yes">
        <source>There is no room for the %n oldest: shorten or forget some, or turn some off.</source>
        <translation>
            <numerusform>Für die %n älteste ist kein Platz: Kürzen oder vergessen Sie einige oder schalten Sie einige aus.</numerusform>
            <numerusform>Für die %n ältesten ist kein Platz: Kürzen oder vergessen Sie einige oder schalten Sie einige aus.</numerusform>
        </translation>
    </message>
    <message>
        <source>a removed persona</source>
        <translation>eine entfernte Persona</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Aus</translation>
    </message>
    <message>
        <source>No room for it now</source>
        <translation>Zurzeit kein Platz dafür</translation>
    </message>
    <message>
        <source>Every persona</source>
        <translation>Jede Persona</translation>
    </message>
    <message>
        <source>From a conversation</source>
        <translation>Aus einer Unterhaltung</translation>
    </message>
    <message>
        <source>A note is being written here. Save or cancel it first.</source>
        <translation>Hier wird gerade eine Notiz geschrieben. Speichern Sie sie erst oder brechen Sie ab.</translation>
    </message>
    <message>
        <source>Left the note without saving it</source>
        <translation>Notiz verlassen, ohne sie zu speichern</translation>
    </message>
    <message>
        <source>Noted. New conversations begin with it.</source>
        <translation>Notiert. Neue Unterhaltungen beginnen damit.</translation>
    </message>
    <message>
        <source>Short notes that the model reads at the beginning of each new conversation, after the persona&apos;s instructions. None is kept without you. A conversation keeps the notes that it began with; one that you forget is taken out of all of them, and off the disk. What was said in conversations stays there. Temporary conversations read no notes.</source>
        <translation>Kurze Notizen, die das Modell am Anfang jeder neuen Unterhaltung liest, nach den Anweisungen der Persona. Ohne Sie kommt keine dazu. Eine Unterhaltung behält die Notizen, mit denen sie begann; eine, die Sie vergessen lassen, wird aus allen herausgenommen und vom Datenträger gelöscht. Was in Unterhaltungen gesagt wurde, bleibt dort. Temporäre Unterhaltungen lesen keine Notizen.</translation>
    </message>
    <message>
        <source>The assistant may propose notes of its own: it asks about each, and you can change it before. A change here has conversations read anew.</source>
        <translation>Der Assistent darf selbst Notizen vorschlagen: Er fragt bei jeder, und Sie können sie vorher ändern. Nach einer Änderung hier werden Unterhaltungen neu gelesen.</translation>
    </message>
    <message>
        <source>The assistant may propose notes</source>
        <translation>Der Assistent darf Notizen vorschlagen</translation>
    </message>
    <message>
        <source>Only I make notes</source>
        <translation>Nur ich mache Notizen</translation>
    </message>
    <message>
        <source>It may search earlier conversations</source>
        <translation>Er darf frühere Unterhaltungen durchsuchen</translation>
    </message>
    <message>
        <source>Each conversation stands alone</source>
        <translation>Jede Unterhaltung steht für sich</translation>
    </message>
    <message>
        <source>The assistant may search what was said before: in all conversations, by itself and without asking. It gets passages of what you and it said, which become part of the conversation that asked and stay there when the other one is deleted. Left out are temporary conversations, which cannot search either, the trash, attached files and what tools gave back. A change here has conversations read anew.</source>
        <translation>Der Assistent darf durchsuchen, was früher gesagt wurde: in allen Unterhaltungen, von sich aus und ohne zu fragen. Er bekommt Stellen aus dem, was Sie und er gesagt haben; sie werden Teil der Unterhaltung, die gefragt hat, und bleiben dort, wenn die andere gelöscht wird. Ausgenommen sind temporäre Unterhaltungen, die auch selbst nicht suchen können, der Papierkorb, angehängte Dateien und was Werkzeuge zurückgaben. Nach einer Änderung hier werden Unterhaltungen neu gelesen.</translation>
    </message>
</context>
<context>
    <name>lares::app::Palette</name>
    <message>
        <source>Nothing holds “%1”.</source>
        <translation>Nichts enthält „%1“.</translation>
    </message>
    <message>
        <source>A command, or words of a conversation</source>
        <translation>Ein Befehl oder Wörter aus einer Unterhaltung</translation>
    </message>
    <message>
        <source>Commands and conversations</source>
        <translation>Befehle und Unterhaltungen</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>Wird gesucht…</translation>
    </message>
</context>
<context>
    <name>lares::app::PaletteModel</name>
    <message>
        <source>Commands</source>
        <translation>Befehle</translation>
    </message>
    <message>
        <source>In what was said</source>
        <translation>Im Gesagten</translation>
    </message>
    <message>
        <source>Recent conversations</source>
        <translation>Letzte Unterhaltungen</translation>
    </message>
    <message>
        <source>Conversations</source>
        <translation>Unterhaltungen</translation>
    </message>
</context>
<context>
    <name>lares::app::PanelHost</name>
    <message>
        <source>Width of the panel: left and right arrow</source>
        <translation>Breite des Bereichs: Pfeil links und rechts</translation>
    </message>
</context>
<context>
    <name>lares::app::PanelTabs</name>
    <message>
        <source>What the panel shows</source>
        <translation>Was der Bereich zeigt</translation>
    </message>
</context>
<context>
    <name>lares::app::ParameterList</name>
    <message>
        <source>Temperature</source>
        <translation>Temperatur</translation>
    </message>
    <message>
        <source>How freely it picks words; 0 takes the likeliest.</source>
        <translation>Wie frei die Wörter gewählt werden; 0 nimmt das wahrscheinlichste.</translation>
    </message>
    <message>
        <source>Top-p</source>
        <translation>Top-p</translation>
    </message>
    <message>
        <source>Only the likeliest words that together reach this share.</source>
        <translation>Nur die wahrscheinlichsten Wörter, die zusammen diesen Anteil erreichen.</translation>
    </message>
    <message>
        <source>Top-k</source>
        <translation>Top-k</translation>
    </message>
    <message>
        <source>Only so many of the likeliest words; 0 takes all.</source>
        <translation>Nur so viele der wahrscheinlichsten Wörter; 0 nimmt alle.</translation>
    </message>
    <message>
        <source>Min-p</source>
        <translation>Min-p</translation>
    </message>
    <message>
        <source>No word that is less likely than this share of the likeliest.</source>
        <translation>Kein Wort, das unwahrscheinlicher ist als dieser Anteil des wahrscheinlichsten.</translation>
    </message>
    <message>
        <source>Repetition penalty</source>
        <translation>Wiederholungsstrafe</translation>
    </message>
    <message>
        <source>Above 1 it avoids words that it has used.</source>
        <translation>Über 1 werden Wörter gemieden, die schon vorkamen.</translation>
    </message>
    <message>
        <source>Presence penalty</source>
        <translation>Präsenzstrafe</translation>
    </message>
    <message>
        <source>The same, once for every word that was used.</source>
        <translation>Ebenso, einmal für jedes Wort, das vorkam.</translation>
    </message>
    <message>
        <source>Frequency penalty</source>
        <translation>Häufigkeitsstrafe</translation>
    </message>
    <message>
        <source>The same, again each time that it was used.</source>
        <translation>Ebenso, jedes Mal neu, wenn es vorkam.</translation>
    </message>
    <message>
        <source>Penalties look back</source>
        <translation>Rückblick der Strafen</translation>
    </message>
    <message>
        <source>Over so many tokens.</source>
        <translation>Über so viele Token.</translation>
    </message>
    <message>
        <source>Longest answer</source>
        <translation>Längste Antwort</translation>
    </message>
    <message>
        <source>In tokens, its thinking included.</source>
        <translation>In Token, das Nachdenken eingeschlossen.</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>The same number and the same question give the same answer.</source>
        <translation>Dieselbe Zahl und dieselbe Frage ergeben dieselbe Antwort.</translation>
    </message>
    <message>
        <source>Thinking</source>
        <translation>Nachdenken</translation>
    </message>
    <message>
        <source>On</source>
        <translation>An</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Aus</translation>
    </message>
    <message>
        <source>Thinking as everywhere</source>
        <translation>Nachdenken wie überall</translation>
    </message>
    <message>
        <source>Thinking as usual</source>
        <translation>Nachdenken wie üblich</translation>
    </message>
    <message>
        <source>Thinking on, here</source>
        <translation>Nachdenken an, hier</translation>
    </message>
    <message>
        <source>Thinking on</source>
        <translation>Nachdenken an</translation>
    </message>
    <message>
        <source>Thinking off, here</source>
        <translation>Nachdenken aus, hier</translation>
    </message>
    <message>
        <source>Thinking off</source>
        <translation>Nachdenken aus</translation>
    </message>
    <message>
        <source>set here</source>
        <translation>hier festgelegt</translation>
    </message>
    <message>
        <source>from the persona</source>
        <translation>von der Persona</translation>
    </message>
    <message>
        <source>as usual</source>
        <translation>wie üblich</translation>
    </message>
    <message>
        <source>random</source>
        <translation>zufällig</translation>
    </message>
    <message>
        <source>From the persona: %1</source>
        <translation>Von der Persona: %1</translation>
    </message>
    <message>
        <source>As usual: %1</source>
        <translation>Wie üblich: %1</translation>
    </message>
    <message>
        <source>From the persona: on</source>
        <translation>Von der Persona: an</translation>
    </message>
    <message>
        <source>From the persona: off</source>
        <translation>Von der Persona: aus</translation>
    </message>
    <message>
        <source>As usual: on</source>
        <translation>Wie üblich: an</translation>
    </message>
    <message>
        <source>As usual: off</source>
        <translation>Wie üblich: aus</translation>
    </message>
</context>
<context>
    <name>lares::app::ParametersPage</name>
    <message>
        <source>Persona and parameters</source>
        <translation>Persona und Parameter</translation>
    </message>
    <message>
        <source>Its instructions</source>
        <translation>Ihre Anweisungen</translation>
    </message>
    <message>
        <source>Edit persona</source>
        <translation>Persona bearbeiten</translation>
    </message>
    <message>
        <source>In this conversation</source>
        <translation>In dieser Unterhaltung</translation>
    </message>
    <message>
        <source>From the next answer on. What is empty is as the persona has it, or as usual.</source>
        <translation>Ab der nächsten Antwort. Was leer ist, gilt wie bei der Persona oder wie üblich.</translation>
    </message>
    <message>
        <source>All as usual</source>
        <translation>Alles wie üblich</translation>
    </message>
    <message>
        <source>Set everything here back to as usual</source>
        <translation>Hier alles auf das Übliche zurücksetzen</translation>
    </message>
    <message>
        <source>%1 answers here</source>
        <translation>%1 antwortet hier</translation>
    </message>
    <message>
        <source>Edit %1</source>
        <translation>%1 bearbeiten</translation>
    </message>
    <message>
        <source>No instructions</source>
        <translation>Keine Anweisungen</translation>
    </message>
    <message>
        <source>All as the persona has it</source>
        <translation>Alles wie bei der Persona</translation>
    </message>
    <message>
        <source>Set everything here back to as the persona has it</source>
        <translation>Hier alles auf das der Persona zurücksetzen</translation>
    </message>
</context>
<context>
    <name>lares::app::PersonaAnswers</name>
    <message>
        <source>Thinking on</source>
        <translation>Nachdenken an</translation>
    </message>
    <message>
        <source>Thinking off</source>
        <translation>Nachdenken aus</translation>
    </message>
    <message>
        <source>As usual.</source>
        <translation>Wie üblich.</translation>
    </message>
    <message>
        <source>Hide the parameters</source>
        <translation>Parameter ausblenden</translation>
    </message>
    <message>
        <source>Show the parameters</source>
        <translation>Parameter einblenden</translation>
    </message>
</context>
<context>
    <name>lares::app::PersonaBook</name>
    <message>
        <source>Your personas could not be read, so only the built-in ones are there: %1</source>
        <translation>Ihre Personas konnten nicht gelesen werden, deshalb sind nur die mitgelieferten da: %1</translation>
    </message>
    <message>
        <source>Nothing can be kept in this session, so the persona was not saved. Make the folder for your data writable and start Lares again.</source>
        <translation>In dieser Sitzung kann nichts aufbewahrt werden, deshalb wurde die Persona nicht gespeichert. Machen Sie den Ordner für Ihre Daten beschreibbar und starten Sie Lares neu.</translation>
    </message>
    <message>
        <source>This persona comes with Lares and cannot be removed.</source>
        <translation>Diese Persona gehört zu Lares und kann nicht entfernt werden.</translation>
    </message>
    <message>
        <source>No persona was imported from %1: %2.</source>
        <translation>Aus %1 wurde keine Persona importiert: %2.</translation>
    </message>
    <message>
        <source>The persona could not be written to %1: %2. Choose another folder.</source>
        <translation>Die Persona konnte nicht nach %1 geschrieben werden: %2. Wählen Sie einen anderen Ordner.</translation>
    </message>
</context>
<context>
    <name>lares::app::PersonaEditor</name>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Discard changes</source>
        <translation>Änderungen verwerfen</translation>
    </message>
    <message>
        <source>What you wrote here before is not saved yet. Save it, go on with it, or discard it below.</source>
        <translation>Was Sie hier früher geschrieben haben, ist noch nicht gespeichert. Speichern Sie es, schreiben Sie weiter oder verwerfen Sie es unten.</translation>
    </message>
    <message>
        <source>Instructions</source>
        <translation>Anweisungen</translation>
    </message>
    <message>
        <source>The model reads these first, before anything that you write: who it is, and how it answers.</source>
        <translation>Das Modell liest sie als Erstes, vor allem, was Sie schreiben: wer es ist und wie es antwortet.</translation>
    </message>
    <message>
        <source>Greeting</source>
        <translation>Begrüßung</translation>
    </message>
    <message>
        <source>Shown in an empty conversation. The model does not read it.</source>
        <translation>Steht in einer leeren Unterhaltung. Das Modell liest sie nicht.</translation>
    </message>
    <message>
        <source>How it answers</source>
        <translation>Wie sie antwortet</translation>
    </message>
    <message>
        <source>What is set here is used wherever this persona answers, unless a conversation has it its own way.</source>
        <translation>Was hier festgelegt ist, gilt überall, wo diese Persona antwortet, wenn eine Unterhaltung es nicht anders hat.</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Strg+Enter</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Back to the personas</source>
        <translation>Zurück zu den Personas</translation>
    </message>
    <message>
        <source>What you wrote is kept, and not saved.</source>
        <translation>Was Sie geschrieben haben, bleibt, ungespeichert.</translation>
    </message>
    <message>
        <source>%1 of %2 characters</source>
        <translation>%1 von %2 Zeichen</translation>
    </message>
    <message>
        <source>Not saved; your text stays here. Try again when the cause is gone.</source>
        <translation>Nicht gespeichert; Ihr Text bleibt hier. Versuchen Sie es erneut, wenn die Ursache behoben ist.</translation>
    </message>
    <message>
        <source>Lore</source>
        <translation>Hintergrund</translation>
    </message>
    <message>
        <source>What it knows beside its instructions: places, people, things. The model reads an entry once your message, or the answer before it, names one of its words.</source>
        <translation>Was sie neben ihren Anweisungen weiß: Orte, Personen, Dinge. Das Modell liest einen Eintrag, sobald in Ihrer Nachricht oder in der Antwort davor eines seiner Wörter fällt.</translation>
    </message>
</context>
<context>
    <name>lares::app::PersonaLore</name>
    <message>
        <source>No entries.</source>
        <translation>Keine Einträge.</translation>
    </message>
    <message numerus="yes">
        <source>%Ln entr(y|ies)</source>
        <translation>
            <numerusform>%Ln Eintrag</numerusform>
            <numerusform>%Ln Einträge</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln always read</source>
        <translation>
            <numerusform>%Ln immer gelesen</numerusform>
            <numerusform>%Ln immer gelesen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln turned off</source>
        <translation>
            <numerusform>%Ln ausgeschaltet</numerusform>
            <numerusform>%Ln ausgeschaltet</numerusform>
        </translation>
    </message>
    <message>
        <source>Add an entry</source>
        <translation>Eintrag hinzufügen</translation>
    </message>
    <message>
        <source>An entry brings others that it names</source>
        <translation>Ein Eintrag bringt andere, die er nennt</translation>
    </message>
    <message>
        <source>Hide the entries</source>
        <translation>Einträge ausblenden</translation>
    </message>
    <message>
        <source>Show the entries</source>
        <translation>Einträge anzeigen</translation>
    </message>
    <message>
        <source>Bring “%1” back</source>
        <translation>„%1“ zurückholen</translation>
    </message>
</context>
<context>
    <name>lares::app::PersonaRow</name>
    <message>
        <source>Built in</source>
        <translation>Mitgeliefert</translation>
    </message>
    <message>
        <source>Built in, changed by you</source>
        <translation>Mitgeliefert, von Ihnen geändert</translation>
    </message>
    <message>
        <source>Made by you</source>
        <translation>Von Ihnen erstellt</translation>
    </message>
    <message>
        <source>%1; changes not saved</source>
        <translation>%1; Änderungen nicht gespeichert</translation>
    </message>
    <message>
        <source>No instructions</source>
        <translation>Keine Anweisungen</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Bearbeiten</translation>
    </message>
    <message>
        <source>Edit %1</source>
        <translation>%1 bearbeiten</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>Duplizieren</translation>
    </message>
    <message>
        <source>Duplicate %1</source>
        <translation>%1 duplizieren</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Remove %1</source>
        <translation>%1 entfernen</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>Zurücksetzen</translation>
    </message>
    <message>
        <source>Reset %1 to how it came</source>
        <translation>%1 auf den mitgelieferten Stand zurücksetzen</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Export %1</source>
        <translation>%1 exportieren</translation>
    </message>
    <message>
        <source>As a persona of Lares…</source>
        <translation>Als Persona von Lares…</translation>
    </message>
    <message>
        <source>As a character card, for other programs…</source>
        <translation>Als Charakterkarte, für andere Programme…</translation>
    </message>
</context>
<context>
    <name>lares::app::PersonasPage</name>
    <message>
        <source>Personas</source>
        <translation>Personas</translation>
    </message>
    <message>
        <source>Who answers. A persona is a name, instructions that the model reads first, and a greeting. Each conversation can have another one; a change counts from the next answer on.</source>
        <translation>Wer antwortet. Eine Persona ist ein Name, Anweisungen, die das Modell als Erstes liest, und eine Begrüßung. Jede Unterhaltung kann eine andere haben; eine Änderung gilt ab der nächsten Antwort.</translation>
    </message>
    <message>
        <source>New persona</source>
        <translation>Neue Persona</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>Importieren…</translation>
    </message>
    <message>
        <source>Import a persona</source>
        <translation>Eine Persona importieren</translation>
    </message>
    <message>
        <source>Go on with the new persona</source>
        <translation>Mit der neuen Persona weitermachen</translation>
    </message>
    <message>
        <source>Made “%1”</source>
        <translation>„%1“ erstellt</translation>
    </message>
    <message>
        <source>Edit “%1”</source>
        <translation>„%1“ bearbeiten</translation>
    </message>
    <message>
        <source>What you wrote is kept. It is used when you save it.</source>
        <translation>Was Sie geschrieben haben, bleibt. Es gilt, wenn Sie es speichern.</translation>
    </message>
    <message>
        <source>Discarded your changes</source>
        <translation>Ihre Änderungen verworfen</translation>
    </message>
    <message>
        <source>Saved “%1”</source>
        <translation>„%1“ gespeichert</translation>
    </message>
    <message>
        <source>Import a persona or a character card</source>
        <translation>Eine Persona oder Charakterkarte importieren</translation>
    </message>
    <message>
        <source>Personas and character cards (*.json *.png)</source>
        <translation>Personas und Charakterkarten (*.json *.png)</translation>
    </message>
    <message>
        <source>Imported “%1”</source>
        <translation>„%1“ importiert</translation>
    </message>
    <message>
        <source>Left out: %1.</source>
        <translation>Weggelassen: %1.</translation>
    </message>
    <message>
        <source>Imported “%1”; what was left out stands below it</source>
        <translation>„%1“ importiert; was weggelassen wurde, steht darunter</translation>
    </message>
    <message>
        <source>Export “%1”</source>
        <translation>„%1“ exportieren</translation>
    </message>
    <message>
        <source>Character cards (*.json)</source>
        <translation>Charakterkarten (*.json)</translation>
    </message>
    <message>
        <source>Personas (*.json)</source>
        <translation>Personas (*.json)</translation>
    </message>
    <message>
        <source>Written to %1</source>
        <translation>Nach %1 geschrieben</translation>
    </message>
</context>
<context>
    <name>lares::app::PromptPage</name>
    <message>
        <source>Copy prompt</source>
        <translation>Prompt kopieren</translation>
    </message>
    <message>
        <source>The prompt before</source>
        <translation>Voriger Prompt</translation>
    </message>
    <message>
        <source>The next prompt</source>
        <translation>Nächster Prompt</translation>
    </message>
    <message>
        <source>The prompt cannot be shown: %1.</source>
        <translation>Der Prompt kann nicht angezeigt werden: %1.</translation>
    </message>
    <message>
        <source>The model is being loaded. What it reads is shown when it is there.</source>
        <translation>Das Modell wird gerade geladen. Was es liest, wird angezeigt, wenn es da ist.</translation>
    </message>
    <message>
        <source>The model is not in memory. A prompt is written in the model&apos;s own format, so it is shown again when the model is loaded: write something, or press Load now.</source>
        <translation>Das Modell ist nicht im Speicher. Ein Prompt ist im Format des Modells geschrieben und wird deshalb wieder angezeigt, wenn es geladen ist: Schreiben Sie etwas oder drücken Sie „Jetzt laden“.</translation>
    </message>
    <message>
        <source>No model is loaded. A prompt is written in the model&apos;s own format, so it can be shown only with one: choose a model in Settings.</source>
        <translation>Es ist kein Modell geladen. Ein Prompt ist im Format des Modells geschrieben und kann deshalb nur mit einem angezeigt werden: Wählen Sie eines in den Einstellungen.</translation>
    </message>
    <message>
        <source>Nothing was asked here yet. When the model answers, everything that it read for it stands here, word for word.</source>
        <translation>Hier wurde noch nichts gefragt. Wenn das Modell antwortet, steht hier Wort für Wort alles, was es dafür gelesen hat.</translation>
    </message>
    <message>
        <source>Answer %1 of %2</source>
        <translation>Antwort %1 von %2</translation>
    </message>
    <message>
        <source>Answer %1 of %2, part %3 of %4</source>
        <translation>Antwort %1 von %2, Teil %3 von %4</translation>
    </message>
    <message>
        <source>%1 of %2 that the context holds</source>
        <translation>%1 von %2, die der Kontext fasst</translation>
    </message>
    <message>
        <source>All of it was read anew.</source>
        <translation>Alles wurde neu gelesen.</translation>
    </message>
    <message>
        <source>All of it was restored; nothing was read again.</source>
        <translation>Alles wurde wiederhergestellt; nichts wurde noch einmal gelesen.</translation>
    </message>
    <message>
        <source>%1 restored, %2 read anew</source>
        <translation>%1 wiederhergestellt, %2 neu gelesen</translation>
    </message>
    <message>
        <source>The answer to it is being written.</source>
        <translation>Die Antwort darauf wird gerade geschrieben.</translation>
    </message>
    <message>
        <source>Not quite what it read: the instructions, the tools, a tool&apos;s result or the model have changed since. This is what it would read now.</source>
        <translation>Nicht ganz, was es gelesen hat: Die Anweisungen, die Werkzeuge, ein Werkzeugergebnis oder das Modell haben sich seitdem geändert. Dies würde es jetzt lesen.</translation>
    </message>
    <message>
        <source>Put together again from the conversation: what was read then was not noted.</source>
        <translation>Aus der Unterhaltung neu zusammengesetzt: Was damals gelesen wurde, ist nicht festgehalten.</translation>
    </message>
    <message>
        <source>The next prompt leaves out its thinking: %1, in italics.</source>
        <translation>Der nächste Prompt lässt den Gedankengang weg: %1, kursiv.</translation>
    </message>
    <message>
        <source>Copied the prompt.</source>
        <translation>Prompt kopiert.</translation>
    </message>
</context>
<context>
    <name>lares::app::PromptText</name>
    <message>
        <source>The prompt, as the model reads it</source>
        <translation>Der Prompt, wie das Modell ihn liest</translation>
    </message>
</context>
<context>
    <name>lares::app::QuickWindow</name>
    <message>
        <source>Open in Lares</source>
        <translation>In Lares öffnen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Quick question</source>
        <translation>Kurze Frage</translation>
    </message>
    <message>
        <source>Copied the address. Lares opens no links itself.</source>
        <translation>Adresse kopiert. Lares öffnet selbst keine Links.</translation>
    </message>
    <message>
        <source>The question could not be stored, so it was not asked.</source>
        <translation>Die Frage konnte nicht gespeichert werden und wurde deshalb nicht gestellt.</translation>
    </message>
    <message>
        <source>Removed persona</source>
        <translation>Entfernte Persona</translation>
    </message>
    <message>
        <source>An answer is still being written; your text stays.</source>
        <translation>Es wird noch eine Antwort geschrieben; Ihr Text bleibt.</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>A permission is needed to go on: open the conversation in Lares.</source>
        <translation>Um weiterzumachen, ist eine Erlaubnis nötig: Öffnen Sie die Unterhaltung in Lares.</translation>
    </message>
    <message>
        <source>The model is being loaded; it answers then.</source>
        <translation>Das Modell wird gerade geladen; dann antwortet es.</translation>
    </message>
    <message>
        <source>No model is loaded, so nobody can answer. Choose one in Lares.</source>
        <translation>Es ist kein Modell geladen, deshalb kann niemand antworten. Wählen Sie eines in Lares.</translation>
    </message>
    <message>
        <source>Demo model</source>
        <translation>Demomodell</translation>
    </message>
</context>
<context>
    <name>lares::app::ReadingsSection</name>
    <message>
        <source>Keep on the disk</source>
        <translation>Auf dem Datenträger aufbewahren</translation>
    </message>
    <message>
        <source>Only while Lares runs</source>
        <translation>Nur solange Lares läuft</translation>
    </message>
    <message>
        <source>Delete now</source>
        <translation>Jetzt löschen</translation>
    </message>
    <message>
        <source>Delete what the model has read, now</source>
        <translation>Jetzt löschen, was das Modell gelesen hat</translation>
    </message>
    <message>
        <source>So that a conversation goes on at once, also after a restart, Lares keeps the model&apos;s state after reading it beside the conversations, up to 8 GB. A conversation that is deleted takes its own with it.</source>
        <translation>Damit eine Unterhaltung sofort weitergeht, auch nach einem Neustart, hebt Lares den Zustand des Modells nach dem Lesen neben den Unterhaltungen auf, bis zu 8 GB. Wird eine Unterhaltung gelöscht, verschwindet auch ihr Zustand.</translation>
    </message>
    <message>
        <source>Kept now: %1.</source>
        <translation>Zurzeit aufbewahrt: %1.</translation>
    </message>
</context>
<context>
    <name>lares::app::ScriptedTokenSource</name>
    <message>
        <source>Script</source>
        <translation>Skript</translation>
    </message>
</context>
<context>
    <name>lares::app::ServerForm</name>
    <message>
        <source>Add and look at its tools</source>
        <translation>Hinzufügen und Werkzeuge ansehen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Name of the tool server</source>
        <translation>Name des Werkzeugservers</translation>
    </message>
    <message>
        <source>notes</source>
        <translation>notizen</translation>
    </message>
    <message>
        <source>Command line of the tool server</source>
        <translation>Befehlszeile des Werkzeugservers</translation>
    </message>
    <message>
        <source>/home/me/notes-server/bin/notes-server --quiet</source>
        <translation>/home/ich/notizen-server/bin/notizen-server --quiet</translation>
    </message>
    <message>
        <source>Folders that it may read</source>
        <translation>Ordner, die er lesen darf</translation>
    </message>
    <message>
        <source>Variables of its environment</source>
        <translation>Variablen seiner Umgebung</translation>
    </message>
    <message>
        <source>Name: small letters, digits and -</source>
        <translation>Name: Kleinbuchstaben, Ziffern und -</translation>
    </message>
    <message>
        <source>Command line: the program, as it is installed on this computer, and its arguments</source>
        <translation>Befehlszeile: das Programm, wie es auf diesem Rechner installiert ist, und seine Argumente</translation>
    </message>
    <message>
        <source>Folders that it may read, one a line: the program&apos;s own, and what it is about. What it writes goes to a folder of its own, which it sees as /server-data.</source>
        <translation>Ordner, die er lesen darf, einer je Zeile: der des Programms und die, um die es geht. Was er schreibt, kommt in einen eigenen Ordner, den er als /server-data sieht.</translation>
    </message>
    <message>
        <source>Variables, one a line: NAME=value</source>
        <translation>Variablen, eine je Zeile: NAME=Wert</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>A variable is written as NAME=value: %1</source>
        <translation>Eine Variable wird als NAME=Wert geschrieben: %1</translation>
    </message>
</context>
<context>
    <name>lares::app::ServerRow</name>
    <message>
        <source>Tools of %1</source>
        <translation>Werkzeuge von %1</translation>
    </message>
    <message>
        <source>Changed</source>
        <translation>Geändert</translation>
    </message>
    <message>
        <source>Does not work yet</source>
        <translation>Funktioniert noch nicht</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Aus</translation>
    </message>
    <message>
        <source>On, running</source>
        <translation>An, läuft</translation>
    </message>
    <message>
        <source>On</source>
        <translation>An</translation>
    </message>
    <message numerus="yes">
        <source>%Ln tool(s), about %1 tokens of every prompt while it is on</source>
        <translation>
            <numerusform>%Ln Werkzeug, etwa %1 Token in jedem Prompt, solange er an ist</numerusform>
            <numerusform>%Ln Werkzeuge, etwa %1 Token in jedem Prompt, solange er an ist</numerusform>
        </translation>
    </message>
    <message>
        <source>Reads no folder of yours.</source>
        <translation>Liest keinen Ihrer Ordner.</translation>
    </message>
    <message>
        <source>Reads %1</source>
        <translation>Liest %1</translation>
    </message>
    <message>
        <source>It describes its tools otherwise than when you looked at them, so none of them is offered until you accept that:</source>
        <translation>Er beschreibt seine Werkzeuge anders als bei Ihrem letzten Blick darauf; deshalb wird keines angeboten, bis Sie das annehmen:</translation>
    </message>
    <message>
        <source>Remove it and what it keeps</source>
        <translation>Mit allem, was er aufbewahrt, entfernen</translation>
    </message>
    <message>
        <source>Remove %1 for good</source>
        <translation>%1 endgültig entfernen</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Keep %1</source>
        <translation>%1 behalten</translation>
    </message>
    <message>
        <source>Accept</source>
        <translation>Annehmen</translation>
    </message>
    <message>
        <source>Accept what %1 offers now</source>
        <translation>Annehmen, was %1 jetzt anbietet</translation>
    </message>
    <message>
        <source>Turn off</source>
        <translation>Ausschalten</translation>
    </message>
    <message>
        <source>Turn on</source>
        <translation>Einschalten</translation>
    </message>
    <message>
        <source>Turn %1 off</source>
        <translation>%1 ausschalten</translation>
    </message>
    <message>
        <source>Turn %1 on</source>
        <translation>%1 einschalten</translation>
    </message>
    <message>
        <source>Hide its tools</source>
        <translation>Werkzeuge ausblenden</translation>
    </message>
    <message>
        <source>Show its tools</source>
        <translation>Werkzeuge anzeigen</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>Noch einmal nachsehen</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Start %1 and look at what it offers</source>
        <translation>%1 starten und ansehen, was er anbietet</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>Entfernen…</translation>
    </message>
    <message>
        <source>Remove %1, after a question</source>
        <translation>%1 nach einer Rückfrage entfernen</translation>
    </message>
    <message>
        <source>Without asking</source>
        <translation>Ohne Rückfrage</translation>
    </message>
    <message>
        <source>%1 of %2 runs without asking</source>
        <translation>%1 von %2 läuft ohne Rückfrage</translation>
    </message>
    <message>
        <source>Not offered: %1</source>
        <translation>Nicht angeboten: %1</translation>
    </message>
</context>
<context>
    <name>lares::app::ServersSection</name>
    <message>
        <source>Add a tool server…</source>
        <translation>Werkzeugserver hinzufügen…</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>Importieren…</translation>
    </message>
    <message>
        <source>Programs of yours that offer the assistant more tools, over the Model Context Protocol (MCP). Each runs in the sandbox: no network, it reads the folders that you name, and writes to a folder of its own and nowhere else. You see what it offers before you turn it on; the assistant asks before each call, unless you let a tool run without asking.</source>
        <translation>Ihre eigenen Programme, die dem Assistenten weitere Werkzeuge anbieten, über das Model Context Protocol (MCP). Jedes läuft in der Sandbox: kein Netzwerk; es liest die Ordner, die Sie nennen, und schreibt in einen eigenen Ordner und sonst nirgendwohin. Sie sehen, was es anbietet, bevor Sie es einschalten; der Assistent fragt vor jedem Aufruf, außer bei Werkzeugen, die Sie ohne Rückfrage laufen lassen.</translation>
    </message>
    <message>
        <source>There is no sandbox for tool servers on this system yet.</source>
        <translation>Auf diesem System gibt es noch keine Sandbox für Werkzeugserver.</translation>
    </message>
    <message>
        <source>Import tool servers from another program&apos;s settings</source>
        <translation>Werkzeugserver aus den Einstellungen eines anderen Programms importieren</translation>
    </message>
    <message>
        <source>Starting %1…</source>
        <translation>%1 wird gestartet…</translation>
    </message>
    <message>
        <source>Import tool servers</source>
        <translation>Werkzeugserver importieren</translation>
    </message>
    <message>
        <source>Settings of another program (*.json);;All files (*)</source>
        <translation>Einstellungen eines anderen Programms (*.json);;Alle Dateien (*)</translation>
    </message>
</context>
<context>
    <name>lares::app::SettingsPage</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Back to the conversation</source>
        <translation>Zurück zur Unterhaltung</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>General</source>
        <translation>Allgemein</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Farben</translation>
    </message>
    <message>
        <source>Language, from the next start on</source>
        <translation>Sprache, ab dem nächsten Start</translation>
    </message>
    <message>
        <source>Size of the text (Ctrl + and Ctrl −)</source>
        <translation>Größe des Textes (Strg + und Strg −)</translation>
    </message>
    <message>
        <source>In the message field</source>
        <translation>Im Nachrichtenfeld</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>Hoher Kontrast</translation>
    </message>
    <message>
        <source>System (%1)</source>
        <translation>System (%1)</translation>
    </message>
    <message>
        <source>Smaller text</source>
        <translation>Kleinerer Text</translation>
    </message>
    <message>
        <source>Back to 100 % (Ctrl+0)</source>
        <translation>Zurück auf 100 % (Strg+0)</translation>
    </message>
    <message>
        <source>Larger text</source>
        <translation>Größerer Text</translation>
    </message>
    <message>
        <source>Enter sends</source>
        <translation>Enter sendet</translation>
    </message>
    <message>
        <source>Ctrl+Enter sends</source>
        <translation>Strg+Enter sendet</translation>
    </message>
    <message>
        <source>Desktop</source>
        <translation>Desktop</translation>
    </message>
    <message>
        <source>Personas</source>
        <translation>Personas</translation>
    </message>
    <message>
        <source>Who answers, and what the model reads first.</source>
        <translation>Wer antwortet und was das Modell als Erstes liest.</translation>
    </message>
    <message>
        <source>Edit personas…</source>
        <translation>Personas bearbeiten…</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Gedächtnis</translation>
    </message>
    <message>
        <source>Short notes of yours that new conversations begin with. They stay on this computer, and what you forget is gone.</source>
        <translation>Kurze Notizen von Ihnen, mit denen neue Unterhaltungen beginnen. Sie bleiben auf diesem Rechner, und was Sie vergessen lassen, ist weg.</translation>
    </message>
    <message>
        <source>Edit memory…</source>
        <translation>Gedächtnis bearbeiten…</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Choose a file…</source>
        <translation>Datei auswählen…</translation>
    </message>
    <message>
        <source>Use the demo model</source>
        <translation>Demomodell verwenden</translation>
    </message>
    <message>
        <source>%1 for your browser:</source>
        <translation>%1 für Ihren Browser:</translation>
    </message>
    <message>
        <source>A helper, lares-download, connects to %1 and the file servers behind it, and ends with the download; nothing else of Lares uses the network. The model has a licence of its own, the %2.</source>
        <translation>Ein Hilfsprogramm, lares-download, verbindet sich mit %1 und den Dateiservern dahinter und endet mit dem Download; sonst nutzt nichts von Lares das Netzwerk. Das Modell hat eine eigene Lizenz, die %2.</translation>
    </message>
    <message>
        <source>Permissions</source>
        <translation>Berechtigungen</translation>
    </message>
    <message>
        <source>Folders that the assistant may read, or read and change, without asking. What it changed can be undone for 30 days.</source>
        <translation>Ordner, die der Assistent lesen oder auch ändern darf, ohne zu fragen. Was er geändert hat, lässt sich 30 Tage lang rückgängig machen.</translation>
    </message>
    <message>
        <source>There are no tools for files on this system yet.</source>
        <translation>Auf diesem System gibt es noch keine Werkzeuge für Dateien.</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>Befehle</translation>
    </message>
    <message>
        <source>Documents</source>
        <translation>Dokumente</translation>
    </message>
    <message>
        <source>Tool servers</source>
        <translation>Werkzeugserver</translation>
    </message>
    <message>
        <source>Tool log</source>
        <translation>Werkzeugprotokoll</translation>
    </message>
    <message>
        <source>What the model has read</source>
        <translation>Was das Modell gelesen hat</translation>
    </message>
    <message>
        <source>Conversations as files</source>
        <translation>Unterhaltungen als Dateien</translation>
    </message>
    <message>
        <source>Recently deleted</source>
        <translation>Kürzlich gelöscht</translation>
    </message>
    <message>
        <source>About</source>
        <translation>Über</translation>
    </message>
    <message>
        <source>Lares %1. Everything happens on this computer: no account, no server, no network code in this program.</source>
        <translation>Lares %1. Alles geschieht auf diesem Rechner: kein Konto, kein Server, kein Netzwerkcode in diesem Programm.</translation>
    </message>
    <message>
        <source>Conversations are not being kept in this session.</source>
        <translation>In dieser Sitzung werden Unterhaltungen nicht aufbewahrt.</translation>
    </message>
    <message>
        <source>Conversations, settings and permissions are in</source>
        <translation>Unterhaltungen, Einstellungen und Berechtigungen liegen in</translation>
    </message>
    <message>
        <source>Show me the proof</source>
        <translation>Nachweis zeigen</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>Size of the text: %1</source>
        <translation>Größe des Textes: %1</translation>
    </message>
    <message>
        <source>No model is loaded.</source>
        <translation>Es ist kein Modell geladen.</translation>
    </message>
    <message>
        <source>A model is being loaded.</source>
        <translation>Ein Modell wird gerade geladen.</translation>
    </message>
    <message>
        <source>The chosen model could not be loaded.</source>
        <translation>Das gewählte Modell konnte nicht geladen werden.</translation>
    </message>
    <message>
        <source>%1, the demo model: a few megabytes, trained on made-up dialogues. It shows how Lares works; its answers are a toy&apos;s.</source>
        <translation>%1, das Demomodell: ein paar Megabyte, mit erfundenen englischen Dialogen trainiert. Es zeigt, wie Lares funktioniert; seine Antworten sind die eines Spielzeugs.</translation>
    </message>
    <message>
        <source>None. The assistant asks before it reads or changes a file.</source>
        <translation>Keine. Der Assistent fragt, bevor er eine Datei liest oder ändert.</translation>
    </message>
    <message>
        <source>Read and change</source>
        <translation>Lesen und ändern</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>Lesen</translation>
    </message>
    <message>
        <source>Revoke</source>
        <translation>Widerrufen</translation>
    </message>
    <message>
        <source>Revoke changing of %1</source>
        <translation>Erlaubnis zum Ändern von %1 widerrufen</translation>
    </message>
    <message>
        <source>Revoke reading of %1</source>
        <translation>Erlaubnis zum Lesen von %1 widerrufen</translation>
    </message>
    <message>
        <source>Revoke searching of earlier conversations</source>
        <translation>Erlaubnis zum Durchsuchen früherer Unterhaltungen widerrufen</translation>
    </message>
    <message>
        <source>What was said in earlier conversations: search, from Settings → Memory.</source>
        <translation>Was in früheren Unterhaltungen gesagt wurde: durchsuchen, aus Einstellungen → Gedächtnis.</translation>
    </message>
</context>
<context>
    <name>lares::app::SidePanel</name>
    <message>
        <source>Panel about this conversation</source>
        <translation>Bereich zu dieser Unterhaltung</translation>
    </message>
    <message>
        <source>Activity</source>
        <translation>Aktivität</translation>
    </message>
    <message>
        <source>Persona</source>
        <translation>Persona</translation>
    </message>
    <message>
        <source>What the model saw</source>
        <translation>Was das Modell sah</translation>
    </message>
    <message>
        <source>Which tools ran, with what, and what they did</source>
        <translation>Welche Werkzeuge liefen, womit, und was sie taten</translation>
    </message>
    <message>
        <source>Who answers, and how</source>
        <translation>Wer antwortet und wie</translation>
    </message>
    <message>
        <source>The exact text that an answer was written from</source>
        <translation>Der genaue Text, aus dem eine Antwort entstand</translation>
    </message>
</context>
<context>
    <name>lares::app::TemporaryBar</name>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Throw away</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Keep this conversation</source>
        <translation>Diese Unterhaltung behalten</translation>
    </message>
    <message>
        <source>Makes an ordinary conversation of it, with all that was said</source>
        <translation>Macht eine gewöhnliche Unterhaltung daraus, mit allem, was gesagt wurde</translation>
    </message>
    <message>
        <source>Throw this conversation away</source>
        <translation>Diese Unterhaltung verwerfen</translation>
    </message>
    <message>
        <source>No message, draft or title, and nothing that the model has read of them, is written to the disk. The tool log says that a tool ran, not what for.</source>
        <translation>Keine Nachricht, kein Entwurf, kein Titel und nichts, was das Modell davon gelesen hat, wird auf den Datenträger geschrieben. Das Werkzeugprotokoll sagt, dass ein Werkzeug lief, nicht wofür.</translation>
    </message>
    <message>
        <source>Temporary: nothing of this is kept.</source>
        <translation>Temporär: Nichts davon wird aufbewahrt.</translation>
    </message>
    <message>
        <source>What it changed in files stays, and can be undone.</source>
        <translation>Was sie in Dateien geändert hat, bleibt und lässt sich rückgängig machen.</translation>
    </message>
</context>
<context>
    <name>lares::app::TokenSource</name>
    <message>
        <source>no model is loaded</source>
        <translation>es ist kein Modell geladen</translation>
    </message>
</context>
<context>
    <name>lares::app::ToolLogSection</name>
    <message>
        <source>Check</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren…</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>Löschen…</translation>
    </message>
    <message>
        <source>Delete the tool log</source>
        <translation>Werkzeugprotokoll löschen</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Check the tool log</source>
        <translation>Werkzeugprotokoll prüfen</translation>
    </message>
    <message>
        <source>Export the tool log</source>
        <translation>Werkzeugprotokoll exportieren</translation>
    </message>
    <message>
        <source>Delete the tool log, after a question</source>
        <translation>Werkzeugprotokoll nach einer Rückfrage löschen</translation>
    </message>
    <message>
        <source>All entries are deleted, and cannot be brought back. What the tools did can still be undone. The new log begins by saying that this one was deleted.</source>
        <translation>Alle Einträge werden gelöscht und lassen sich nicht zurückholen. Was die Werkzeuge taten, lässt sich weiterhin rückgängig machen. Das neue Protokoll beginnt damit, dass dieses gelöscht wurde.</translation>
    </message>
    <message>
        <source>Checking…</source>
        <translation>Wird geprüft…</translation>
    </message>
    <message>
        <source>Every entry is as it was written.</source>
        <translation>Jeder Eintrag ist so, wie er geschrieben wurde.</translation>
    </message>
    <message>
        <source>The log was deleted.</source>
        <translation>Das Protokoll wurde gelöscht.</translation>
    </message>
    <message>
        <source>Every tool call is written down: what was asked for, who allowed or refused it, and how it ended. Lares cannot change an entry later, and notices if another program does. An entry stays for a year; a conversation that is deleted for good takes with it what its calls were about.</source>
        <translation>Jeder Werkzeugaufruf wird aufgeschrieben: worum es ging, wer ihn erlaubt oder abgelehnt hat und wie er endete. Lares kann einen Eintrag nachträglich nicht ändern und bemerkt es, wenn ein anderes Programm es tut. Ein Eintrag bleibt ein Jahr; wird eine Unterhaltung endgültig gelöscht, verschwindet auch, worum es in ihren Aufrufen ging.</translation>
    </message>
    <message>
        <source>Nothing is kept in this session.</source>
        <translation>In dieser Sitzung wird nichts aufbewahrt.</translation>
    </message>
    <message>
        <source>There is no entry yet.</source>
        <translation>Es gibt noch keinen Eintrag.</translation>
    </message>
    <message numerus="yes">
        <source>%Ln entr(y|ies) since %1.</source>
        <translation>
            <numerusform>%Ln Eintrag seit %1.</numerusform>
            <numerusform>%Ln Einträge seit %1.</numerusform>
        </translation>
    </message>
    <message>
        <source>JSON lines (*.jsonl)</source>
        <translation>JSON-Zeilen (*.jsonl)</translation>
    </message>
    <message>
        <source>Written to %1</source>
        <translation>Nach %1 geschrieben</translation>
    </message>
</context>
<context>
    <name>lares::app::TranscriptView</name>
    <message>
        <source>Conversation</source>
        <translation>Unterhaltung</translation>
    </message>
    <message>
        <source>To the end</source>
        <translation>Zum Ende</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy link</source>
        <translation>Link kopieren</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>Alles auswählen</translation>
    </message>
    <message>
        <source>Remember this…</source>
        <translation>Das merken…</translation>
    </message>
</context>
<context>
    <name>lares::app::TrashSection</name>
    <message>
        <source>Delete…</source>
        <translation>Löschen…</translation>
    </message>
    <message>
        <source>New conversation</source>
        <translation>Neue Unterhaltung</translation>
    </message>
    <message>
        <source>Delete all for good…</source>
        <translation>Alle endgültig löschen…</translation>
    </message>
    <message>
        <source>Delete all of it for good, after a question</source>
        <translation>Alle nach einer Rückfrage endgültig löschen</translation>
    </message>
    <message>
        <source>Keep them</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>None. A conversation that you delete stays here for 30 days.</source>
        <translation>Keine. Eine Unterhaltung, die Sie löschen, bleibt 30 Tage lang hier.</translation>
    </message>
    <message>
        <source>A conversation that you delete stays here for 30 days, and is then overwritten on the disk.</source>
        <translation>Eine Unterhaltung, die Sie löschen, bleibt 30 Tage lang hier und wird dann auf dem Datenträger überschrieben.</translation>
    </message>
    <message>
        <source>Show all %1</source>
        <translation>Alle %1 anzeigen</translation>
    </message>
    <message>
        <source>Show all %1 deleted conversations</source>
        <translation>Alle %1 gelöschten Unterhaltungen anzeigen</translation>
    </message>
    <message>
        <source>Delete these %1 for good</source>
        <translation>Diese %1 endgültig löschen</translation>
    </message>
    <message>
        <source>When it was deleted</source>
        <translation>Wann sie gelöscht wurde</translation>
    </message>
    <message>
        <source>Delete for good</source>
        <translation>Endgültig löschen</translation>
    </message>
    <message>
        <source>Delete %1 for good</source>
        <translation>%1 endgültig löschen</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Keep %1</source>
        <translation>%1 behalten</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>Wiederherstellen</translation>
    </message>
    <message>
        <source>Restore %1</source>
        <translation>%1 wiederherstellen</translation>
    </message>
    <message>
        <source>Delete %1 for good, after a question</source>
        <translation>%1 nach einer Rückfrage endgültig löschen</translation>
    </message>
</context>
<context>
    <name>lares::app::Tray</name>
    <message>
        <source>Show Lares</source>
        <translation>Lares anzeigen</translation>
    </message>
    <message>
        <source>New conversation</source>
        <translation>Neue Unterhaltung</translation>
    </message>
    <message>
        <source>New temporary conversation</source>
        <translation>Neue temporäre Unterhaltung</translation>
    </message>
    <message>
        <source>Quick question</source>
        <translation>Kurze Frage</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Lares</source>
        <translation>Lares</translation>
    </message>
</context>
</TS>
