"""Operations on clips as rows of one table, for the window, the command line and scripts."""
