-- Figures over a division are kept without small counts from now on; what was kept with them goes.
DELETE FROM figures;
