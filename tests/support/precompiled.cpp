// Nothing but the precompiled header, so that there is something to compile with it.
