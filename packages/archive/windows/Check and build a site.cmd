@echo off
rem Checks the site whose folder is dragged onto this file, or named when it asks; builds it if nothing is wrong.
setlocal
chcp 65001 >nul
set "SITE=%~1"
if not defined SITE set /p "SITE=Drag the folder of the site into this window, then press Enter: "
if not defined SITE goto end
set "SITE=%SITE:"=%"
rem A sign \ before the closing quotation mark would take its meaning away, as after C:\.
if "%SITE:~-1%"=="\" set "SITE=%SITE%."
"%~dp0pamphlet.exe" --root "%SITE%" check
"%~dp0pamphlet.exe" --root "%SITE%" build --strict
:end
pause
