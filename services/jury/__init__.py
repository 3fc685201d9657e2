"""The jury: what do experts think of each application, and in which order do they stand?"""
