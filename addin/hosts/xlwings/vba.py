"""The add-in's VBA: one function each of the registry, and what carries a call to Python.

Our own text instead of what xlwings writes, because of three things that a sheet needs and xlwings'
wrapper does not give: real error values, so that IFERROR sees them; the values of a range handed
over in one piece, so that Python never calls back into Excel; and a fixed interpreter, which no
workbook that somebody opens can replace with a program of its own.
"""

from __future__ import annotations

from addin.registry import FUNCTIONS, Function

__all__ = [
    "COMMANDS_MODULE",
    "FUNCTIONS_MODULE",
    "FUNCTIONS_SHEET",
    "SETTINGS_SHEET",
    "identifier",
    "modules",
]

FUNCTIONS_MODULE = "addin.hosts.xlwings.functions"
COMMANDS_MODULE = "addin.hosts.xlwings.commands"
FUNCTIONS_SHEET, SETTINGS_SHEET = "Functions", "Settings"

# Words that VBA keeps for itself (MS-VBAL 3.3.5.2) and an argument might be called.
_RESERVED = frozenset(
    "abs and any array as attribute boolean byref byte byval call case cdate cdbl circle close "
    "const currency date debug decimal declare dim do double each else empty end enum eqv erase "
    "error event exit false fix for friend function get global goto if imp implements in input "
    "int integer is lbound len let like line lock long loop lset me mod new next not nothing null "
    "object on open option optional or print private property pset public put redim rem resume "
    "return rset scale seek select set sgn shared single spc static step stop string sub tab then "
    "time to true type typeof ubound unlock until variant wend while width with write xor".split()
)


def modules(xlwings_version: str) -> dict[str, str]:
    """Module name → source, lines ended by CR LF, for the DLLs of this version of xlwings."""
    return {
        name: _lines(text)
        for name, text in {
            "ThisWorkbook": _THIS_WORKBOOK,
            "HealthFunctions": _ANSWERS + "".join(_function(f) for f in FUNCTIONS),
            "HealthRibbon": _RIBBON,
            "HealthEngine": _ENGINE.replace("{version}", xlwings_version),
        }.items()
    }


def _lines(text: str) -> str:
    return text.replace("\n", "\r\n")


def identifier(name: str) -> str:
    """The name of an argument as VBA takes it."""
    return f"{name}_" if name.casefold() in _RESERVED else name


def _function(function: Function) -> str:
    parameters = ", ".join(
        f"{'Optional ' if a.optional else ''}{identifier(a.name)} As Variant"
        for a in function.arguments
    )
    given = ", ".join(f"Given({identifier(a.name)})" for a in function.arguments)
    name = function.name
    return (
        f"\nPublic Function {name}({parameters}) As Variant\n"
        f'    {name} = Answer("{name}", Array({given}))\n'
        "End Function\n"
    )


_THIS_WORKBOOK = """\
Option Explicit

Private Sub Workbook_Open()
    ' Once Excel is ready: while it starts there may be no window to work in.
    Application.OnTime Now, "'" & ThisWorkbook.Name & "'!DescribeFunctions"
End Sub
"""

_ANSWERS = f"""\
Option Explicit

Private Function Given(Optional argument As Variant) As Variant
    ' What is left out is Empty, as a blank cell is.
    If IsMissing(argument) Then
        Given = Empty
    ElseIf IsObject(argument) Then
        Given = Contents(argument)
    Else
        Given = argument
    End If
End Function

Private Function Contents(ByVal area As Object) As Variant
    ' The values of a range in one piece.
    If area.Areas.Count > 1 Then Err.Raise 5
    If area.Rows.Count = area.Worksheet.Rows.Count Then
        ' Whole columns: down to the last row that is used.
        With area.Worksheet.UsedRange
            Set area = area.Resize(.Row + .Rows.Count - 1)
        End With
    End If
    Contents = area.Value2
End Function

Private Function Answer(called As String, arguments As Variant) As Variant
    On Error GoTo Failed
    Answer = Shown(Python.CallUDF("{FUNCTIONS_MODULE}", called, arguments))
    Exit Function
Failed:
    Problem = Err.Description
    Answer = CVErr(2042)
End Function

Private Function Shown(result As Variant) As Variant
    ' Numbers come as Double; a Long is the number of an error.
    Dim row As Long, column As Long
    If Not IsArray(result) Then
        If VarType(result) = vbLong Then Shown = CVErr(result) Else Shown = result
        Exit Function
    End If
    If IsFlat(result) Then
        For column = LBound(result) To UBound(result)
            If VarType(result(column)) = vbLong Then result(column) = CVErr(result(column))
        Next
    Else
        For row = LBound(result, 1) To UBound(result, 1)
            For column = LBound(result, 2) To UBound(result, 2)
                If VarType(result(row, column)) = vbLong Then
                    result(row, column) = CVErr(result(row, column))
                End If
            Next
        Next
    End If
    Shown = result
End Function

Private Function IsFlat(result As Variant) As Boolean
    ' Whether an array has one dimension, as a single row has.
    Dim last As Long
    On Error GoTo Flat
    last = UBound(result, 2)
    Exit Function
Flat:
    IsFlat = True
End Function
"""

_RIBBON = f"""\
Option Explicit

Public Sub RunCommand(control As Object)
    ' Every button of the ribbon; its tag is the command's name in Python.
    Dim text As String
    On Error GoTo Failed
    If ActiveWorkbook Is Nothing Then
        MsgBox "Open a workbook first.", vbInformation, "HealthSheet"
        Exit Sub
    End If
    text = Python.CallUDF("{COMMANDS_MODULE}", control.Tag, Array(ActiveWorkbook))
    If Problem <> "" Then text = text & vbLf & vbLf & "Last problem of a formula: " & Problem
    Problem = ""
    MsgBox text, vbInformation, "HealthSheet"
    Exit Sub
Failed:
    MsgBox "Python did not answer: " & Err.Description & vbLf & vbLf & _
        "Run: healthsheet addin install --check", vbExclamation, "HealthSheet"
End Sub

Public Sub DescribeFunctions()
    ' Help for the Insert Function dialog. Excel takes it for visible workbooks only, so the
    ' add-in is an ordinary workbook for this moment.
    Dim table As Variant, help() As String, row As Long, i As Long
    On Error Resume Next
    table = ThisWorkbook.Worksheets("{FUNCTIONS_SHEET}").UsedRange.Value2
    Application.ScreenUpdating = False
    ThisWorkbook.IsAddin = False
    For row = 1 To UBound(table, 1)
        ReDim help(1 To table(row, 4))
        For i = 1 To table(row, 4)
            help(i) = table(row, 4 + i)
        Next
        Application.MacroOptions Macro:="'" & ThisWorkbook.Name & "'!" & table(row, 1), _
            Description:=table(row, 2), Category:=table(row, 3), ArgumentDescriptions:=help
    Next
    ThisWorkbook.IsAddin = True
    ThisWorkbook.Saved = True
    Application.ScreenUpdating = True
End Sub
"""

_ENGINE = f"""\
Option Explicit
Option Private Module

#If Win64 Then
    Private Declare PtrSafe Function XLPyDLLActivateAuto Lib "xlwings64-{{version}}.dll" _
        (ByRef Result As Variant, Optional ByVal Config As String = "", _
        Optional ByVal mode As Long = 1) As Long
#Else
    Private Declare PtrSafe Function XLPyDLLActivateAuto Lib "xlwings32-{{version}}.dll" _
        (ByRef Result As Variant, Optional ByVal Config As String = "", _
        Optional ByVal mode As Long = 1) As Long
#End If
Private Declare PtrSafe Function LoadLibraryW Lib "kernel32" (ByVal path As LongPtr) As LongPtr

Public Problem As String
Private commandLine As String
Private failedAt As Date

Public Function Python() As Object
    ' The Python that answers, started where it does not run. A start that fails takes up to a
    ' minute, so that for half a minute no other cell tries again.
    Dim found As Variant
    If Problem <> "" And Now < failedAt + TimeSerial(0, 0, 30) Then Err.Raise 1000, , Problem
    If commandLine = "" Then LoadEngine
    If XLPyDLLActivateAuto(found, commandLine, 1) <> 0 Then
        failedAt = Now
        Err.Raise 1000, , CStr(found)
    End If
    Set Python = found
End Function

Private Sub LoadEngine()
    Dim library As String
    #If Win64 Then
        library = Setting("Library, 64-bit")
    #Else
        library = Setting("Library, 32-bit")
    #End If
    If LoadLibraryW(StrPtr(library)) = 0 Then
        failedAt = Now
        Err.Raise 1000, , library & " cannot be loaded."
    End If
    commandLine = Setting("Command")
End Sub

Private Function Setting(key As String) As String
    With ThisWorkbook.Worksheets("{SETTINGS_SHEET}")
        Setting = Application.WorksheetFunction.VLookup(key, .Range("A1:B20"), 2, False)
    End With
End Function
"""
