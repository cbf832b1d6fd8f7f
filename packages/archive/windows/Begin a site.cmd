@echo off
rem Begins a site in a new folder in the user's home folder, and shows it in the browser.
setlocal
chcp 65001 >nul
set "NAME=%~1"
if not defined NAME set /p "NAME=What shall the folder of the site be called? Press Enter for our-site: "
if not defined NAME set "NAME=our-site"
if "%NAME%"=="" set "NAME=our-site"
"%~dp0pamphlet.exe" init "%USERPROFILE%\%NAME%"
if errorlevel 1 goto end
echo.
echo The site is in %USERPROFILE%\%NAME%. Close this window to end the preview.
"%~dp0pamphlet.exe" --root "%USERPROFILE%\%NAME%" serve --open
:end
pause
