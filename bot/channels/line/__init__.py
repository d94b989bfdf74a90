"""LINE: each company's official account answers like its website, one to one."""
