"""Excel through Office.js, exercised in Chromium with the real runtime."""
