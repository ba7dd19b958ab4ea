"""Many documents: on this machine's cores or on a cluster, resumable, each document's failure its own."""
