"""What an auditor can see: the whole log as a folder, its verification, and every decision explained."""
