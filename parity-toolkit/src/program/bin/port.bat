@echo off
rem SPDX-License-Identifier: Apache-2.0
rem Brings a PyTorch model to DL4J; port --help says how. PORT_OPTS is for options of Java, such as -Xmx8g.
setlocal
set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java"
"%JAVA%" %PORT_OPTS% -Dorg.slf4j.simpleLogger.defaultLogLevel=error -classpath "%~dp0..\lib\*" io.github.dl4jlosses.parity.ParityCommand port %*
exit /b %ERRORLEVEL%
