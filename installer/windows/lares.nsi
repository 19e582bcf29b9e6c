; The per-user installer for Windows: needs no administrator and no network, touches nothing outside the
; user's own folders and registry. Conversations lie elsewhere (%LOCALAPPDATA%\lares) and stay when the program goes.
;   makensis -DVERSION=… -DSTAGE=FOLDER -DOUTPUT=FILE lares.nsi      (FOLDER: what cmake --install wrote)
;   Lares-….exe /S                       without questions; /D=FOLDER, last, for another place
Unicode true
Target amd64-unicode
ManifestSupportedOS Win10
RequestExecutionLevel user
SetCompressor /SOLID lzma
!include MUI2.nsh
!include FileFunc.nsh
!include LogicLib.nsh

!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\Lares"

Name "Lares"
OutFile "${OUTPUT}"
InstallDir "$LOCALAPPDATA\Programs\Lares"
InstallDirRegKey HKCU "${UNINSTALL_KEY}" "InstallLocation"
VIProductVersion "${VERSION}.0"
VIAddVersionKey ProductName "Lares"
VIAddVersionKey ProductVersion "${VERSION}"
VIAddVersionKey FileDescription "Installs Lares for this user"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey LegalCopyright "The Lares developers"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_ABORTWARNING
!define MUI_FINISHPAGE_RUN "$INSTDIR\bin\lares.exe"
!define MUI_FINISHPAGE_RUN_TEXT "Start Lares"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE English

; Ends with exit status 2 where the programs are in use: a file that runs can be neither written nor removed.
!macro MustNotRun PROGRAM WHAT
    ${If} ${FileExists} "$INSTDIR\bin\${PROGRAM}.exe"
        ClearErrors
        FileOpen $0 "$INSTDIR\bin\${PROGRAM}.exe" a
        ${If} ${Errors}
            MessageBox MB_ICONSTOP|MB_OK "${PROGRAM} is running, so Lares cannot be ${WHAT}. Close it, then try again." /SD IDOK
            SetErrorLevel 2
            Quit
        ${EndIf}
        FileClose $0
    ${EndIf}
!macroend

; Only what was installed: the folder may be one that the user chose and has other things in.
!macro RemoveProgram
    !include "${FILES}"
!macroend

Section
    !insertmacro MustNotRun "lares" "updated"
    !insertmacro MustNotRun "lares-cli" "updated"
    ${If} ${FileExists} "$INSTDIR\uninstall.exe"
        ; What an older version brought and this one does not. `_?=` makes it wait and stay where it is.
        ExecWait '"$INSTDIR\uninstall.exe" /S _?=$INSTDIR'
    ${EndIf}
    SetOutPath "$INSTDIR"
    File /r "${STAGE}/*"
    WriteUninstaller "$INSTDIR\uninstall.exe"
    CreateShortcut "$SMPROGRAMS\Lares.lnk" "$INSTDIR\bin\lares.exe" "" "" "" "" "" "A private assistant on this computer"

    ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
    WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayName" "Lares"
    WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
    WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayIcon" "$INSTDIR\bin\lares.exe"
    WriteRegStr HKCU "${UNINSTALL_KEY}" "Publisher" "The Lares developers"
    WriteRegStr HKCU "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
    WriteRegStr HKCU "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
    WriteRegStr HKCU "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
    WriteRegDWORD HKCU "${UNINSTALL_KEY}" "EstimatedSize" $0
    WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoModify" 1
    WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoRepair" 1
SectionEnd

Section Uninstall
    !insertmacro MustNotRun "lares" "removed"
    !insertmacro MustNotRun "lares-cli" "removed"
    !insertmacro RemoveProgram
    Delete "$INSTDIR\uninstall.exe"
    RMDir "$INSTDIR"
    Delete "$SMPROGRAMS\Lares.lnk"
    DeleteRegKey HKCU "${UNINSTALL_KEY}"
SectionEnd
